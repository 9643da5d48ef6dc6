package dev.heliograph.stream.device;

import java.time.Duration;

/**
 * When the pipeline counts as behind. While it does, no device is called late or silent, and no absence is raised.
 *
 * @param behindAfter age of a reading, between its receipt and its processing, from which the pipeline is behind
 * @param behindFromRecords readings waiting in one partition from which it is behind
 * @param settle longest time after a start in which it counts as behind while nothing is known
 */
public record LagPolicy(Duration behindAfter, long behindFromRecords, Duration settle) {
    /** 5 s, 1,000 readings, 30 s. */
    public static final LagPolicy DEFAULT = new LagPolicy(Duration.ofSeconds(5), 1_000, Duration.ofSeconds(30));
}
