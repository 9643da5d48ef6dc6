package dev.heliograph.query.data;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * From when on each tier still has everything.
 *
 * @param since the instant by tier; a tier that is not named is kept for good, as far as is known
 */
record Horizon(Map<Tier, Instant> since) {
    /** Nothing is ever deleted. */
    static final Horizon NONE = new Horizon(Map.of());

    /** What is there at {@code now} of tiers that are kept for these times, by their labels. */
    static Horizon of(Map<String, Duration> kept, Instant now) {
        Map<Tier, Instant> since = new EnumMap<>(Tier.class);
        kept.forEach((label, time) -> Tier.parse(label).ifPresent(tier -> since.put(tier, now.minus(time))));
        return new Horizon(since);
    }

    /** Whether a tier has everything from {@code micros} on. */
    boolean reaches(Tier tier, long micros) {
        Instant oldest = since.get(tier);
        return oldest == null || micros >= Planner.micros(oldest);
    }

    /** From when on a tier has everything; empty where it is kept for good. */
    Optional<Instant> of(Tier tier) {
        return Optional.ofNullable(since.get(tier));
    }
}
