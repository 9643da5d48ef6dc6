package dev.heliograph.stream.device;

import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Whether readings are waiting before one task, so that silence may be the pipeline's and not the devices'. It is behind
 * while it works through old readings, while it stands still before some, while the partition has many that it has not taken,
 * while Kafka does not say how many, and after its start until it does.
 *
 * <p>Times are milliseconds since the epoch.
 */
final class PipelineLag {
    private static final long STANDS_STILL_MILLIS = 1_000;

    private final LagPolicy policy;
    private final int partition;
    private final IntFunction<OptionalLong> waitingReadings;
    private final long startedAt;
    private boolean known;
    private long lastProcessedAt;
    private long lastOldAt = Long.MIN_VALUE;

    PipelineLag(LagPolicy policy, int partition, IntFunction<OptionalLong> waitingReadings, long startedAt) {
        this.policy = policy;
        this.partition = partition;
        this.waitingReadings = waitingReadings;
        this.startedAt = startedAt;
        this.lastProcessedAt = startedAt;
    }

    /** Notes a reading that was received then and is processed now; true if it is so old that the pipeline is behind. */
    boolean processed(long receivedMillis, long nowMillis) {
        lastProcessedAt = nowMillis;
        boolean old = nowMillis - receivedMillis > policy.behindAfter().toMillis();
        if (old) {
            lastOldAt = nowMillis;
        }
        return old;
    }

    boolean isBehind(long nowMillis) {
        OptionalLong waiting = waitingReadings.apply(partition);
        known |= waiting.isPresent();
        if (waiting.isPresent()) {
            long records = waiting.getAsLong();
            return records > policy.behindFromRecords()
                    || records > 0 && standsStill(nowMillis)
                    || isAmongOld(nowMillis);
        }
        // Once known and no longer: Kafka does not answer, so nothing can be said of the devices. Never known: it may
        // be
        // that it may not be asked, which must not keep absences from being raised for ever.
        boolean starting = nowMillis - startedAt < policy.settle().toMillis();
        return known || starting || isAmongOld(nowMillis);
    }

    // How old those that wait are is not known: with what it is behind already it may be too much.
    private boolean standsStill(long nowMillis) {
        return nowMillis < lastProcessedAt || nowMillis - lastProcessedAt >= STANDS_STILL_MILLIS;
    }

    /** The last old reading was processed a moment ago: the next may be as old. */
    private boolean isAmongOld(long nowMillis) {
        return lastOldAt != Long.MIN_VALUE
                && nowMillis >= lastOldAt
                && nowMillis - lastOldAt < policy.behindAfter().toMillis();
    }
}
