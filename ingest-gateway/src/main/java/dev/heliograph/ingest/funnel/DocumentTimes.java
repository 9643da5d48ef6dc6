package dev.heliograph.ingest.funnel;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Times in documents. */
final class DocumentTimes {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MAX_SECONDS = 1e11;

    private DocumentTimes() {}

    /** Whole milliseconds or RFC 3339, as microseconds; empty where the value is neither. */
    static OptionalLong millisOrText(DocumentReader document) {
        return switch (document.token()) {
            case TEXT -> Timestamps.parseMicros(document.text());
            case INTEGER, DECIMAL -> document.isEpochSeconds() ? seconds(document.number()) : millis(document.whole());
            default -> OptionalLong.empty();
        };
    }

    /**
     * A time of which the offset may be missing.
     *
     * @param micros µs since the epoch
     * @param ambiguous whether it occurs twice in its zone
     */
    record Local(long micros, boolean ambiguous) {}

    /**
     * Whole milliseconds, RFC 3339, or RFC 3339 without offset, which is the time in the zone. A local time that occurs twice
     * is the occurrence nearest to the receipt, the later one if both are as near; one that the clocks leave out does not
     * exist. Null where the value is no time.
     */
    static @Nullable Local local(DocumentReader document, ZoneId zone, long receivedMicros) {
        if (document.token() == DocumentReader.Token.TEXT) {
            // Without an offset it is a time that becomes RFC 3339 by a Z.
            OptionalLong asUtc = Timestamps.parseMicros(document.text() + "Z");
            if (asUtc.isPresent()) {
                return inZone(asUtc.getAsLong(), zone, receivedMicros);
            }
        }
        OptionalLong micros = millisOrText(document);
        return micros.isPresent() ? new Local(micros.getAsLong(), false) : null;
    }

    private static @Nullable Local inZone(long asUtcMicros, ZoneId zone, long receivedMicros) {
        LocalDateTime local =
                LocalDateTime.ofEpochSecond(Math.floorDiv(asUtcMicros, (long) MICROS_PER_SECOND), 0, ZoneOffset.UTC);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        Local nearest = null;
        for (ZoneOffset offset : offsets) {
            long micros = asUtcMicros - offset.getTotalSeconds() * (long) MICROS_PER_SECOND;
            if (nearest == null || Math.abs(micros - receivedMicros) <= Math.abs(nearest.micros() - receivedMicros)) {
                nearest = new Local(micros, offsets.size() > 1);
            }
        }
        return nearest;
    }

    /** Seconds with a fraction, to the nearest microsecond; what no long can hold is far out of range and says so. */
    static OptionalLong seconds(double seconds) {
        return Double.isNaN(seconds)
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round(Math.clamp(seconds, -MAX_SECONDS, MAX_SECONDS) * MICROS_PER_SECOND));
    }

    /** Milliseconds as microseconds; what no long can hold is far out of range and says so. */
    private static OptionalLong millis(double whole) {
        if (Double.isNaN(whole)) {
            return OptionalLong.empty();
        }
        long clamped = Math.clamp((long) whole, -Timestamps.MAX_MILLIS, Timestamps.MAX_MILLIS + 1);
        return OptionalLong.of(clamped * Timestamps.MICROS_PER_MILLI);
    }
}
