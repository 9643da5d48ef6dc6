/** The installation under test: processes, the connections between them, and what breaks either. */
@NullMarked
package dev.heliograph.systemtests.faults.plant;

import org.jspecify.annotations.NullMarked;
