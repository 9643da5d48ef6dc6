package dev.heliograph.query.fleet;

import java.util.Optional;

/** How old readings are when they get here. */
@FunctionalInterface
public interface Freshness {
    /** Of the newest readings; empty where none came in the last minute. */
    Optional<FleetSummary.Lag> now();
}
