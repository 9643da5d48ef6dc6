/** Collects evidence: the database, the topics, the processes. */
@NullMarked
package dev.heliograph.systemtests.faults.observe;

import org.jspecify.annotations.NullMarked;
