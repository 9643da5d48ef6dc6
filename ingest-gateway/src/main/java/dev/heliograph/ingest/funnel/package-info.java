/** Bytes to readings and refusals: pure, the same for every transport. */
@NullMarked
package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.NullMarked;
