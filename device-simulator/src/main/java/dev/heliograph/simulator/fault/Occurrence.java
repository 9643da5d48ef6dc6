package dev.heliograph.simulator.fault;

import java.time.Duration;

/**
 * How often a fault comes and how long it stays.
 *
 * @param probability of one episode within each span of {@code every}, 0 to 1
 * @param every the span in which at most one episode happens, more than {@code longest}
 * @param shortest of an episode, positive
 * @param longest of an episode, at least {@code shortest}
 */
public record Occurrence(double probability, Duration every, Duration shortest, Duration longest) {
    /** Never. */
    public static final Occurrence NEVER =
            new Occurrence(0, Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** @throws IllegalArgumentException if the probability or the lengths do not fit together */
    public Occurrence {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be within 0..1, was " + probability);
        }
        if (shortest.toMillis() < 1 || longest.compareTo(shortest) < 0 || every.compareTo(longest) <= 0) {
            throw new IllegalArgumentException("lengths must be 1 ms <= shortest <= longest < every, were " + shortest
                    + ", " + longest + ", " + every);
        }
    }
}
