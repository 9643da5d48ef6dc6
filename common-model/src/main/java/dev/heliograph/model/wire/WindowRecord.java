package dev.heliograph.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * Value of the topic {@code windows}: the summary of one series over the half-open interval from {@code start} to
 * {@code end}. Phase is {@code early}, {@code final}, {@code revised}, or {@code repair}: a reading came (at
 * {@code srcPartition}, {@code srcOffset} of the readings) after the stream had let go of the window, so it must
 * be recomputed from the stored measurements. In every other phase these two name the newest entry of the readings that
 * the stream had of the device when it told this; older versions left them out. Times are microseconds since the epoch unless the name says
 * otherwise. The {@code sketch} (Base64 of {@link dev.heliograph.model.sketch.QuantileSketch#toBytes}) is there where
 * the window is closed and longer than 10 s.
 */
public record WindowRecord(
        int v,
        String tenant,
        String device,
        String metric,
        String size,
        long start,
        long end,
        String phase,
        int rev,
        long count,
        double sum,
        double min,
        double max,
        double first,
        long firstTs,
        double last,
        long lastTs,
        double mean,
        double m2,
        long emitted,
        @Nullable Integer srcPartition,
        @Nullable Long srcOffset,
        byte @Nullable [] sketch) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<WindowRecord> CODEC = WireCodec.of(WindowRecord.class);
}
