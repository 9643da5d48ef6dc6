package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row a point while the points come: as CSV or as a JSON object a line. The columns are the keys ({@code device}, or
 * what was grouped by), {@code others} with groups, {@code metric}, {@code unit}, {@code time}, and then {@code value} and
 * {@code text}, or one for each aggregate; with times in states, {@code state} and {@code time-in-state} (ms).
 */
abstract class RowFormat implements SeriesSink {
    private final Heading heading;
    private final Writer out;
    private final DateTimeFormatter times;

    RowFormat(Heading heading, Writer out) {
        this.heading = heading;
        this.out = out;
        this.times = formatter(heading.zone());
    }

    /** RFC 3339 with the offset of the zone at that instant, to the microsecond where there is one. */
    private static DateTimeFormatter formatter(ZoneId zone) {
        return new DateTimeFormatterBuilder()
                .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
                .appendOffset("+HH:MM", "Z")
                .toFormatter()
                .withZone(zone);
    }

    /** Begins a row. */
    abstract void begin(StringBuilder row);

    /** Adds text, or nothing. */
    abstract void text(StringBuilder row, String name, @Nullable String value);

    /** Adds a number; NaN is nothing. */
    abstract void number(StringBuilder row, String name, double value);

    /** Adds a whole number. */
    abstract void whole(StringBuilder row, String name, long value);

    /** Ends a row. */
    abstract void end(StringBuilder row);

    /** What comes before the first row; empty for nothing. */
    abstract CharSequence header();

    /** Begins the answer. */
    void open() {
        write(header());
    }

    Heading heading() {
        return heading;
    }

    @Override
    public boolean streams() {
        return true;
    }

    @Override
    public void truncated() {
        throw new IllegalStateException("a stream is not cut short in silence");
    }

    @Override
    public void series(SeriesData data) {
        if (!data.timeInState().isEmpty()) {
            timesInStates(data);
            return;
        }
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < data.micros().length; i++) {
            row.setLength(0);
            keys(row, data, i);
            double[] values = data.values();
            String[] texts = data.texts();
            if (heading.raw()) {
                number(row, "value", values == null ? Double.NaN : values[i]);
                text(row, "text", texts == null ? null : texts[i]);
            } else {
                int point = i;
                data.columns().forEach((aggregate, column) -> {
                    if (aggregate.kind() == Kind.COUNT) {
                        whole(row, aggregate.label(), (long) column[point]);
                    } else {
                        number(row, aggregate.label(), column[point]);
                    }
                });
                if (timesInStates()) {
                    text(row, "state", null);
                    text(row, "time-in-state", null);
                }
            }
            end(row);
            write(row);
        }
    }

    boolean timesInStates() {
        return heading.aggregates().stream().anyMatch(one -> one.kind() == Kind.TIME_IN_STATE);
    }

    private void timesInStates(SeriesData data) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < data.micros().length; i++) {
            for (Map.Entry<String, long[]> state : data.timeInState().entrySet()) {
                row.setLength(0);
                keys(row, data, i);
                heading.aggregates().forEach(aggregate -> {
                    if (aggregate.kind() != Kind.TIME_IN_STATE) {
                        text(row, aggregate.label(), null);
                    }
                });
                text(row, "state", state.getKey());
                whole(row, "time-in-state", state.getValue()[i]);
                end(row);
                write(row);
            }
        }
    }

    private void keys(StringBuilder row, SeriesData data, int point) {
        begin(row);
        Slot slot = data.slot();
        for (String key : heading.keys()) {
            String device = slot.device();
            text(row, key, device != null ? device : slot.group().get(key));
        }
        if (slot.device() == null) {
            text(row, "others", slot.others() ? "true" : "false");
        }
        text(row, "metric", slot.metric());
        text(row, "unit", slot.unit());
        text(row, "time", times.format(StitchedSql.instant(data.micros()[point])));
    }

    private void write(CharSequence row) {
        try {
            out.append(row);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
