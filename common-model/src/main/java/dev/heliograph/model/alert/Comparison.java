package dev.heliograph.model.alert;

import java.util.Locale;
import java.util.Optional;

/** How a value stands to a limit. */
public enum Comparison {
    GT(">", "<="),
    GE(">=", "<"),
    LT("<", ">="),
    LE("<=", ">");

    private final String symbol;
    private final String opposite;

    Comparison(String symbol, String opposite) {
        this.symbol = symbol;
        this.opposite = opposite;
    }

    /** The comparison of a name on the wire ({@code gt}, {@code ge}, {@code lt}, {@code le}), or empty. */
    public static Optional<Comparison> parse(String wireName) {
        for (Comparison comparison : values()) {
            if (comparison.name().toLowerCase(Locale.ROOT).equals(wireName)) {
                return Optional.of(comparison);
            }
        }
        return Optional.empty();
    }

    /** Whether the value stands so to the limit. */
    public boolean holds(double value, double limit) {
        return switch (this) {
            case GT -> value > limit;
            case GE -> value >= limit;
            case LT -> value < limit;
            case LE -> value <= limit;
        };
    }

    /** Whether a larger value is the worse one. */
    public boolean upward() {
        return this == GT || this == GE;
    }

    /** As an operator reads it, such as {@code >=}. */
    public String symbol() {
        return symbol;
    }

    /** The reverse, such as {@code <} for {@code >=}. */
    public String oppositeSymbol() {
        return opposite;
    }
}
