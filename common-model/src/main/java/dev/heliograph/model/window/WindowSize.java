package dev.heliograph.model.window;

import java.util.List;
import java.util.Optional;

/** Lengths of windows. Windows are aligned to the epoch and half-open: {@code [start, end)}. */
public enum WindowSize {
    /** Ten seconds. */
    TEN_SECONDS("10s", 10_000_000L),
    /** One minute; also the span in which the samples of a device are kept together. */
    ONE_MINUTE("1m", 60_000_000L),
    /** One hour; made of the minutes in it. */
    ONE_HOUR("1h", 3_600_000_000L);

    /** Every size, shortest first. */
    static final List<WindowSize> ALL = List.of(values());

    private final String label;
    private final long micros;

    WindowSize(String label, long micros) {
        this.label = label;
        this.micros = micros;
    }

    /** The size of a label such as {@code 10s}, or empty where there is none. */
    public static Optional<WindowSize> parse(String label) {
        return ALL.stream().filter(size -> size.label.equals(label)).findFirst();
    }

    /** Its name on the wire and in the interface: {@code 10s}, {@code 1m}, {@code 1h}. */
    public String label() {
        return label;
    }

    /**
     * Whether its closed windows carry a sketch of their values. Ten seconds do not: they seldom hold more values than a
     * sketch has bytes, and are kept no longer than the values themselves.
     */
    public boolean hasSketch() {
        return this != TEN_SECONDS;
    }

    /** Its length in microseconds. */
    public long micros() {
        return micros;
    }

    /** Start of the window that holds an instant, both in microseconds since the epoch. */
    public long startOf(long timeMicros) {
        return Math.floorDiv(timeMicros, micros) * micros;
    }
}
