package dev.heliograph.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code window-revisions}: what is stored of one series has changed for times {@code from <= t < to}, in
 * a way that no result of the stream tells: late readings past what the stream keeps, history, corrections, deletions, and
 * the last word about an hour that ran. Written after the change was committed, at least once; the same change may be told
 * again, and several changes as one. Whoever holds an answer about the range asks again.
 *
 * @param from start of the range, µs since the epoch
 * @param to its end, exclusive
 * @param windows the windows that changed, as they are stored now, each with a revision higher than any before; null where
 *     they are too many to be told one by one, or some are there no more
 * @param emitted when this was told, µs since the epoch
 */
public record WindowRevisionRecord(
        int v,
        String tenant,
        String device,
        String metric,
        long from,
        long to,
        @Nullable List<WindowRecord> windows,
        long emitted) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<WindowRevisionRecord> CODEC = WireCodec.of(WindowRevisionRecord.class);
}
