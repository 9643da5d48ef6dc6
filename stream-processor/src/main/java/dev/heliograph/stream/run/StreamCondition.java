package dev.heliograph.stream.run;

import java.time.Instant;

/**
 * How the stream is.
 *
 * @param phase what it is doing
 * @param since when that began
 * @param detail for a person
 */
public record StreamCondition(Phase phase, Instant since, String detail) {
    /** What the stream is doing. */
    public enum Phase {
        /** Waiting for Kafka or for its topics. */
        WAITING,
        /** Starting, restoring its state, or sharing out its work. */
        REBALANCING,
        /** Processing. */
        RUNNING,
        /** Failed; a new start is due. */
        FAILED,
        /** Stopped on request. */
        STOPPED
    }
}
