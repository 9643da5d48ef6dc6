package dev.heliograph.writer.plan;

import java.util.Optional;

/** The sizes of windows that have a table. */
public enum WindowSize {
    TEN_SECONDS("10s", "window_10s", 10_000_000L),
    ONE_MINUTE("1m", "window_1m", 60_000_000L),
    ONE_HOUR("1h", "window_1h", 3_600_000_000L);

    private final String text;
    private final String table;
    private final long micros;

    WindowSize(String text, String table, long micros) {
        this.text = text;
        this.table = table;
        this.micros = micros;
    }

    /** The size that the wire text names. */
    public static Optional<WindowSize> parse(String text) {
        for (WindowSize size : values()) {
            if (size.text.equals(text)) {
                return Optional.of(size);
            }
        }
        return Optional.empty();
    }

    /** The text on the wire and in {@code window_repair}. */
    public String text() {
        return text;
    }

    public String table() {
        return table;
    }

    /** Whether its table has a column for the sketch of the values. */
    public boolean hasSketch() {
        return this != TEN_SECONDS;
    }

    /** Start of the window that holds an instant, both in µs since the epoch. */
    public long startOf(long timeMicros) {
        return Math.floorDiv(timeMicros, micros) * micros;
    }

    /** Length in microseconds. */
    public long micros() {
        return micros;
    }
}
