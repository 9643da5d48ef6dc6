/** What every transport shares behind the funnel: the way of accepted and refused input to Kafka, and its bounds. */
@NullMarked
package dev.heliograph.ingest.intake;

import org.jspecify.annotations.NullMarked;
