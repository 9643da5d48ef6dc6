package dev.heliograph.model.alert;

import dev.heliograph.model.reading.Micros;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;

/** The sentences of transitions. No units: the metric's unit belongs to the reader's view. */
final class Wording {
    private static final double PLAIN_BELOW = 1e15;
    private static final double PLAIN_FROM = 1e-6;

    private Wording() {}

    /** {@code 46}, {@code 46.9}, {@code 0.001}: no exponent where a person would write none. */
    static String number(double value) {
        double size = Math.abs(value);
        if (value == 0) {
            return "0";
        }
        if (size < PLAIN_FROM || size >= PLAIN_BELOW) {
            return Double.toString(value);
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** {@code 2 min}, {@code 1 h 30 min}, {@code 12.5 s}: the two largest parts. */
    static String duration(long micros) {
        long millis = Math.max(0, micros) / 1_000;
        if (millis < 60_000) {
            return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
        }
        long seconds = millis / 1_000;
        if (seconds < 3_600) {
            return twoParts(seconds / 60, "min", seconds % 60, "s");
        }
        long minutes = seconds / 60;
        return minutes < 1_440
                ? twoParts(minutes / 60, "h", minutes % 60, "min")
                : twoParts(minutes / 1_440, "d", minutes % 1_440 / 60, "h");
    }

    private static String twoParts(long large, String largeUnit, long small, String smallUnit) {
        return small == 0 ? large + " " + largeUnit : large + " " + largeUnit + " " + small + " " + smallUnit;
    }

    /** {@code 2026-11-23T15:00:00Z}. */
    static String time(long micros) {
        return Micros.toInstant(micros).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code temperature 46.9 >= 46}. */
    static String breach(Condition.Threshold threshold, double value) {
        return threshold.metric() + " " + number(value) + " "
                + threshold.comparison().symbol() + " " + number(threshold.value());
    }

    /** {@code temperature 43.1 < 44}, against one of the two limits. */
    static String noBreach(Condition.Threshold threshold, double value, double limit) {
        return threshold.metric() + " " + number(value) + " "
                + threshold.comparison().oppositeSymbol() + " " + number(limit);
    }

    /** {@code no reading} or {@code no reading with temperature}. */
    static String missing(Condition.Absence absence) {
        return absence.metric() == null ? "no reading" : "no reading with " + absence.metric();
    }

    /** {@code a reading came} or {@code a reading with temperature came}. */
    static String came(Condition.Absence absence) {
        return absence.metric() == null ? "a reading came" : "a reading with " + absence.metric() + " came";
    }

    static String lasting(long micros) {
        return micros <= 0 ? "" : " for " + duration(micros);
    }
}
