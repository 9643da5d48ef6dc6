/** The checkers: pure functions from what was sent and what is left to a list of problems. */
@NullMarked
package dev.heliograph.systemtests.faults.check;

import org.jspecify.annotations.NullMarked;
