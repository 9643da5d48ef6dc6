package dev.heliograph.model.wire;

/** Value of the topic {@code windows}: the summary of one series over the half-open interval from {@code start} to {@code end}. Times are microseconds since the epoch unless the name says otherwise. */
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
        long emitted) {
    /** Reads and writes the values of the topic. */
    public static final WireCodec<WindowRecord> CODEC = WireCodec.of(WindowRecord.class);
}
