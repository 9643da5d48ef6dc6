package dev.heliograph.model.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of what is stored of a device, as a value of the topic {@code readings}: its place there says which readings it
 * applies to, namely all before it. Applies to samples of {@code metric} (of every metric where that is null) with a time of
 * {@code from <= t < to}. Times in microseconds since the epoch.
 *
 * @param correction id (UUID) of the correction, its first field, by which a value is told from a reading
 * @param action {@code delete}; {@code set}, {@code offset} (add) or {@code scale} (multiply) by {@code value}; {@code points}
 *     (give these times these values, new or not)
 * @param actor who asked for it
 * @param reason why, in words
 */
public record CorrectionRecord(
        int v,
        String correction,
        String tenant,
        String device,
        @Nullable String metric,
        String action,
        long from,
        long to,
        @Nullable Double value,
        @Nullable List<Point> points,
        String actor,
        String reason,
        long requestedAt) {
    /** One value of a series. */
    public record Point(long ts, double value) {}

    /** Reads and writes corrections. */
    public static final WireCodec<CorrectionRecord> CODEC = WireCodec.of(CorrectionRecord.class);

    private static final byte[] BEGIN = "{\"v\":1,\"correction\":".getBytes(StandardCharsets.UTF_8);

    /** Whether a value of the topic of readings is a correction; it costs a look at its first bytes. */
    public static boolean isOne(byte @Nullable [] value) {
        return value != null
                && value.length > BEGIN.length
                && Arrays.equals(value, 0, BEGIN.length, BEGIN, 0, BEGIN.length);
    }
}
