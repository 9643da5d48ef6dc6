/** Readings from a broker that somebody else runs. */
@NullMarked
package dev.heliograph.ingest.subscription;

import org.jspecify.annotations.NullMarked;
