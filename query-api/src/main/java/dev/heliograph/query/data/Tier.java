package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Buckets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What answers are computed from, finest first: single measurements, or windows of a length. */
enum Tier {
    RAW("raw", "measurement", Duration.ZERO),
    TEN_SECONDS("10s", "window_10s", Duration.ofSeconds(10)),
    MINUTE("1m", "window_1m", Duration.ofMinutes(1)),
    HOUR("1h", "window_1h", Duration.ofHours(1));

    private static final List<Tier> COARSEST_FIRST = List.of(values()).reversed();

    private final String label;
    private final String table;
    private final Duration window;

    Tier(String label, String table, Duration window) {
        this.label = label;
        this.table = table;
        this.window = window;
    }

    /** The tier of a name. */
    static Optional<Tier> parse(String label) {
        return COARSEST_FIRST.stream().filter(tier -> tier.label.equals(label)).findFirst();
    }

    /** The coarsest windows of which each lies in one bucket; single measurements where there are none. */
    static Tier coarsestOf(Buckets buckets) {
        return COARSEST_FIRST.stream()
                .filter(tier -> tier == RAW || buckets.alignedTo(tier.micros()))
                .findFirst()
                .orElse(RAW);
    }

    String label() {
        return label;
    }

    String table() {
        return table;
    }

    Duration window() {
        return window;
    }

    long micros() {
        return window.toNanos() / 1_000;
    }

    /** Whether a percentile can be had from it. */
    boolean hasPercentiles() {
        return this != TEN_SECONDS;
    }

    /** Windows that are read one behind the other, each until its newest closed one; what is left is read raw. */
    List<Tier> windows() {
        return switch (this) {
            case RAW -> List.of();
            case TEN_SECONDS, MINUTE -> List.of(this);
            // Half an hour of single samples behind every series of a fleet would be most of the work.
            case HOUR -> List.of(HOUR, MINUTE);
        };
    }
}
