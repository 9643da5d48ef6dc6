/** Messages of the quarantine, taken again. */
@NullMarked
package dev.heliograph.ingest.replay;

import org.jspecify.annotations.NullMarked;
