/** What was sent and what was answered, for checkers that compare it with what was stored. */
@NullMarked
package dev.heliograph.simulator.history;

import org.jspecify.annotations.NullMarked;
