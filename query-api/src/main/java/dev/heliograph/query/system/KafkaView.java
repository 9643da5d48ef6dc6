package dev.heliograph.query.system;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/** What was last seen of Kafka: whether it answers, and where the topic of readings ends. Thread-safe. */
public final class KafkaView {
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Clock clock;
    private Map<Integer, Long> ends = Map.of();
    private Instant seenAt = Instant.MIN;
    private double rate = Double.NaN;
    private String trouble = "not asked yet";

    public KafkaView(Clock clock) {
        this.clock = clock;
    }

    /** Takes the next offsets of the partitions of {@code readings}. */
    public synchronized void seen(Map<Integer, Long> nextOffsets) {
        Instant now = clock.instant();
        if (!ends.isEmpty() && nextOffsets.keySet().equals(ends.keySet())) {
            double seconds = Duration.between(seenAt, now).toMillis() / 1_000.0;
            long grown = sum(nextOffsets) - sum(ends);
            rate = seconds > 0 ? Math.max(0, grown) / seconds : rate;
        }
        ends = Map.copyOf(nextOffsets);
        seenAt = now;
        trouble = "";
    }

    /** Notes that Kafka did not answer. */
    public synchronized void failed(String why) {
        trouble = why;
    }

    synchronized boolean answers() {
        return !seenAt.equals(Instant.MIN)
                && Duration.between(seenAt, clock.instant()).compareTo(FRESH) < 0;
    }

    /** How long ago it answered last; empty before it ever did. */
    synchronized OptionalDouble ageSeconds() {
        return seenAt.equals(Instant.MIN)
                ? OptionalDouble.empty()
                : OptionalDouble.of(Duration.between(seenAt, clock.instant()).toMillis() / 1_000.0);
    }

    synchronized String trouble() {
        return trouble;
    }

    synchronized OptionalDouble recordsPerSecond() {
        return Double.isNaN(rate) || !answers() ? OptionalDouble.empty() : OptionalDouble.of(rate);
    }

    synchronized Map<Integer, Long> ends() {
        return ends;
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }
}
