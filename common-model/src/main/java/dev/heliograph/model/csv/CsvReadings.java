package dev.heliograph.model.csv;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Sample;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a CSV file of readings, as its header names the columns: {@code device}, {@code time} (RFC 3339, or ms since
 * the epoch), every other column is a metric of that name. A cell is a number, {@code true} or {@code false}, or a state; an
 * empty cell is no sample. Cells may be quoted as in RFC 4180, within one line. Immutable.
 */
public final class CsvReadings {
    /**
     * What one line says.
     *
     * @param timeMicros µs since the epoch
     * @param samples at least one
     */
    public record Row(DeviceId device, long timeMicros, List<Sample> samples) {}

    private final List<@Nullable MetricName> metrics;
    private final int deviceColumn;
    private final int timeColumn;

    private CsvReadings(List<String> header) {
        this.deviceColumn = column(header, "device");
        this.timeColumn = column(header, "time");
        this.metrics = metrics(header);
    }

    /**
     * Reads the header; a byte order mark before it is passed over.
     *
     * @throws IllegalArgumentException if a column is missing, twice, or no metric name
     */
    public static CsvReadings ofHeader(String line) {
        return new CsvReadings(CsvLine.split(line.replace("\uFEFF", "")));
    }

    /** How many metrics the header has. */
    public int metricCount() {
        return metrics.size() - 2;
    }

    /**
     * Reads one line after the header.
     *
     * @throws IllegalArgumentException if it is no reading; the message says why
     */
    public Row read(String line) {
        List<String> cells = CsvLine.split(line);
        if (cells.size() != metrics.size()) {
            throw new IllegalArgumentException("has " + cells.size() + " cells, the header has " + metrics.size());
        }
        List<Sample> samples = samples(cells);
        DeviceId device = new DeviceId(cells.get(deviceColumn).strip());
        return new Row(device, time(cells.get(timeColumn).strip()), samples);
    }

    private List<Sample> samples(List<String> cells) {
        List<Sample> samples = new ArrayList<>(cells.size());
        for (int i = 0; i < cells.size(); i++) {
            MetricName metric = metrics.get(i);
            String cell = cells.get(i).strip();
            if (metric != null && !cell.isEmpty()) {
                samples.add(sample(metric, cell));
            }
        }
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("has no metric");
        }
        return List.copyOf(samples);
    }

    private static Sample sample(MetricName metric, String cell) {
        if (cell.equals("true") || cell.equals("false")) {
            return new Sample.Flag(metric, cell.equals("true"));
        }
        // Java's parser takes "1d" and "0x1p3" for numbers, people do not.
        char last = cell.charAt(cell.length() - 1);
        boolean maybeNumber = Character.isDigit(last) || last == '.' || cell.equals("NaN") || cell.endsWith("Infinity");
        if (!maybeNumber) {
            return new Sample.State(metric, cell);
        }
        double number;
        try {
            number = Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return new Sample.State(metric, cell); // such as "stage-2"
        }
        return new Sample.Measurement(metric, number);
    }

    private static long time(String cell) {
        try {
            return Micros.of(
                    cell.chars().allMatch(Character::isDigit) && !cell.isEmpty()
                            ? Instant.ofEpochMilli(Long.parseLong(cell))
                            : OffsetDateTime.parse(cell).toInstant());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "time must be RFC 3339 such as 2026-11-23T07:19:00Z, or ms since the epoch, was \"" + cell + "\"",
                    e);
        }
    }

    private static int column(List<String> header, String name) {
        int index = header.stream().map(String::strip).toList().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("the header needs a column \"" + name + "\", has " + header);
        }
        return index;
    }

    private List<@Nullable MetricName> metrics(List<String> header) {
        List<@Nullable MetricName> names = new ArrayList<>();
        Set<MetricName> seen = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            if (i == deviceColumn || i == timeColumn) {
                names.add(null);
                continue;
            }
            MetricName name = new MetricName(header.get(i).strip());
            if (!seen.add(name)) {
                throw new IllegalArgumentException("the header has \"" + name + "\" twice");
            }
            names.add(name);
        }
        return names;
    }
}
