package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.physics.Noise;
import java.time.Duration;
import java.util.Optional;

/**
 * When a fault is present: time is cut into slots, each slot holds at most one episode. Addressed by time like {@link Noise}, so
 * asking in another order changes nothing.
 */
final class Episodes {
    private final Noise noise;
    private final Occurrence occurrence;

    /** @param startMillis inclusive @param endMillis exclusive @param number differs between the episodes of a device */
    record Episode(long startMillis, long endMillis, long number) {}

    Episodes(Occurrence occurrence, Noise noise) {
        this.occurrence = occurrence;
        this.noise = noise;
    }

    /** The episode of an instant, or empty where all is well. */
    Optional<Episode> at(long atMillis) {
        Duration every = occurrence.every();
        long slotMillis = every.toMillis();
        long slot = Math.floorDiv(atMillis, slotMillis);
        if (noise.named("present").uniform(slot) >= occurrence.probability()) {
            return Optional.empty();
        }
        double length = noise.named("length")
                .between(
                        slot,
                        occurrence.shortest().toMillis(),
                        occurrence.longest().toMillis() + 1);
        long start = slot * slotMillis + (long) noise.named("start").between(slot, 0, slotMillis - length);
        long end = start + (long) length;
        return atMillis >= start && atMillis < end ? Optional.of(new Episode(start, end, slot)) : Optional.empty();
    }
}
