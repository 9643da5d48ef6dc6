package dev.heliograph.ingest.funnel;

import java.util.OptionalLong;

/** Times in documents. */
final class DocumentTimes {
    private DocumentTimes() {}

    /** Whole milliseconds or RFC 3339, as microseconds; empty where the value is neither. */
    static OptionalLong millisOrText(DocumentReader document) {
        return switch (document.token()) {
            case TEXT -> Timestamps.parseMicros(document.text());
            case INTEGER, DECIMAL -> millis(document.whole());
            default -> OptionalLong.empty();
        };
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
