/** Devices and viewers that use the installation while it is broken, and remember what they were told. */
@NullMarked
package dev.heliograph.systemtests.faults.load;

import org.jspecify.annotations.NullMarked;
