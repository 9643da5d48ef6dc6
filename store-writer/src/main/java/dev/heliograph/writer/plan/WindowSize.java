package dev.heliograph.writer.plan;

import java.util.Optional;

/** The sizes of windows that have a table. */
public enum WindowSize {
    TEN_SECONDS(dev.heliograph.model.window.WindowSize.TEN_SECONDS, "window_10s"),
    ONE_MINUTE(dev.heliograph.model.window.WindowSize.ONE_MINUTE, "window_1m"),
    ONE_HOUR(dev.heliograph.model.window.WindowSize.ONE_HOUR, "window_1h");

    private final dev.heliograph.model.window.WindowSize window;
    private final String table;

    WindowSize(dev.heliograph.model.window.WindowSize window, String table) {
        this.window = window;
        this.table = table;
    }

    /** The size that the wire text names. */
    public static Optional<WindowSize> parse(String text) {
        for (WindowSize size : values()) {
            if (size.text().equals(text)) {
                return Optional.of(size);
            }
        }
        return Optional.empty();
    }

    /** The text on the wire and in {@code window_repair}. */
    public String text() {
        return window.label();
    }

    public String table() {
        return table;
    }

    /** Whether its table has a column for the sketch of the values. */
    public boolean hasSketch() {
        return window.hasSketch();
    }

    /** Start of the window that holds an instant, both in µs since the epoch. */
    public long startOf(long timeMicros) {
        return window.startOf(timeMicros);
    }

    /** Length in microseconds. */
    public long micros() {
        return window.micros();
    }
}
