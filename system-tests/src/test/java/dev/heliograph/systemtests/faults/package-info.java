/** The fault suite: the services as processes, faults under load, and checkers that judge what is left. */
@NullMarked
package dev.heliograph.systemtests.faults;

import org.jspecify.annotations.NullMarked;
