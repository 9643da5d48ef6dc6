package dev.heliograph.ingest.funnel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The unit in which a message counts its time. */
public enum TimePrecision {
    NS(1, 1_000),
    US(1, 1),
    MS(1_000, 1),
    S(1_000_000, 1);

    private final long factor;
    private final long divisor;

    TimePrecision(long factor, long divisor) {
        this.factor = factor;
        this.divisor = divisor;
    }

    /** Microseconds; what is finer is cut off towards the past, what no long can hold becomes the nearest long. */
    long micros(long count) {
        if (divisor > 1) {
            return Math.floorDiv(count, divisor);
        }
        long high = Math.multiplyHigh(count, factor);
        long low = count * factor;
        boolean fits = high == 0 && low >= 0 || high == -1 && low < 0;
        return fits ? low : count < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The precision of this name, {@code u} and {@code n} included, or null. */
    static @Nullable TimePrecision find(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "ns", "n" -> NS;
            case "us", "u" -> US;
            case "ms" -> MS;
            case "s" -> S;
            default -> null;
        };
    }
}
