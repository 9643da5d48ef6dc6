package dev.heliograph.stream.device;

import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Whether readings are waiting before one task, so that silence may be the pipeline's and not the devices'. It is behind
 * while it works through old readings, while the partition has many that it has not taken, and after its start until it
 * knows how many there are.
 *
 * <p>Times are milliseconds since the epoch.
 */
final class PipelineLag {
    private final LagPolicy policy;
    private final int partition;
    private final IntFunction<OptionalLong> waitingReadings;
    private final long startedAt;
    private boolean known;
    private long lastOldAt = Long.MIN_VALUE;

    PipelineLag(LagPolicy policy, int partition, IntFunction<OptionalLong> waitingReadings, long startedAt) {
        this.policy = policy;
        this.partition = partition;
        this.waitingReadings = waitingReadings;
        this.startedAt = startedAt;
    }

    /** Notes a reading that was received then and is processed now. */
    void processed(long receivedMillis, long nowMillis) {
        if (nowMillis - receivedMillis > policy.behindAfter().toMillis()) {
            lastOldAt = nowMillis;
        }
    }

    boolean isBehind(long nowMillis) {
        OptionalLong waiting = waitingReadings.apply(partition);
        boolean caughtUp = waiting.isPresent() && waiting.getAsLong() <= policy.behindFromRecords();
        known |= caughtUp;
        boolean starting = !known && nowMillis - startedAt < policy.settle().toMillis();
        boolean many = waiting.isPresent() && !caughtUp;
        // The last old reading was processed a moment ago: the next may be as old.
        boolean old = nowMillis >= lastOldAt
                && nowMillis - lastOldAt < policy.behindAfter().toMillis()
                && lastOldAt != Long.MIN_VALUE;
        return starting || many || old;
    }
}
