package dev.heliograph.simulator.replay;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads recorded readings. The header decides: a column {@code device}, a column {@code time} (RFC 3339, or ms since the epoch),
 * every other column is a metric of that name. A cell is a number, {@code true} or {@code false}, or a state; an empty cell is no
 * sample. Cells may be quoted as in RFC 4180, within one line. A bad line is left out whole and reported with its number.
 */
public final class CsvRecording {
    private static final int PROBLEMS_KEPT = 100;

    private final List<@Nullable MetricName> metrics;
    private final int deviceColumn;
    private final int timeColumn;
    private final SortedMap<DeviceId, List<Recording.Row>> devices = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long badLines;

    private CsvRecording(List<String> header) {
        this.deviceColumn = column(header, "device");
        this.timeColumn = column(header, "time");
        this.metrics = metrics(header);
    }

    /**
     * Reads all of it.
     *
     * @param rowLimit readings at most
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if the header is unusable, no line is good, or there are more readings than the limit
     */
    public static Recording read(Reader source, int rowLimit) throws IOException {
        BufferedReader lines = new BufferedReader(source);
        String header = lines.readLine();
        if (header == null) {
            throw new IllegalArgumentException("the file is empty, a header with device, time and metrics is needed");
        }
        CsvRecording csv = new CsvRecording(CsvLine.split(header.replace("\uFEFF", "")));
        long rows = 0;
        long lineNumber = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            lineNumber++;
            if (!line.isBlank() && csv.add(line, lineNumber) && ++rows > rowLimit) {
                throw new IllegalArgumentException("more than " + rowLimit + " readings: split the file");
            }
        }
        return csv.finish();
    }

    private Recording finish() {
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("no line holds a reading: " + problems);
        }
        devices.values().forEach(rows -> rows.sort(Comparator.comparingLong(Recording.Row::timeMillis)));
        return new Recording(devices, List.copyOf(problems), badLines);
    }

    private boolean add(String line, long lineNumber) {
        try {
            List<String> cells = CsvLine.split(line);
            if (cells.size() != metrics.size()) {
                throw new IllegalArgumentException("has " + cells.size() + " cells, the header has " + metrics.size());
            }
            List<Sample> samples = samples(cells);
            DeviceId device = new DeviceId(cells.get(deviceColumn).strip());
            long timeMillis = time(cells.get(timeColumn).strip());
            devices.computeIfAbsent(device, id -> new ArrayList<>()).add(new Recording.Row(timeMillis, samples));
            return true;
        } catch (IllegalArgumentException e) {
            badLines++;
            if (problems.size() < PROBLEMS_KEPT) {
                problems.add("line " + lineNumber + ": " + e.getMessage());
            }
            return false;
        }
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
            return cell.chars().allMatch(Character::isDigit) && !cell.isEmpty()
                    ? Instant.ofEpochMilli(Long.parseLong(cell)).toEpochMilli()
                    : OffsetDateTime.parse(cell).toInstant().toEpochMilli();
        } catch (DateTimeParseException | NumberFormatException e) {
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
