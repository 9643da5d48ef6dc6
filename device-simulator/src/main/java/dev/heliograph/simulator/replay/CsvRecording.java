package dev.heliograph.simulator.replay;

import dev.heliograph.model.csv.CsvReadings;
import dev.heliograph.model.id.DeviceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads recorded readings, by lines as {@link CsvReadings} describes them. A bad line is left out whole and reported with its
 * number.
 */
public final class CsvRecording {
    private static final int PROBLEMS_KEPT = 100;
    private static final long MICROS_PER_MILLI = 1_000;

    private final CsvReadings lines;
    private final SortedMap<DeviceId, List<Recording.Row>> devices = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private long badLines;

    private CsvRecording(CsvReadings lines) {
        this.lines = lines;
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
        CsvRecording csv = new CsvRecording(CsvReadings.ofHeader(header));
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
            CsvReadings.Row row = lines.read(line);
            devices.computeIfAbsent(row.device(), id -> new ArrayList<>())
                    .add(new Recording.Row(Math.floorDiv(row.timeMicros(), MICROS_PER_MILLI), row.samples()));
            return true;
        } catch (IllegalArgumentException e) {
            badLines++;
            if (problems.size() < PROBLEMS_KEPT) {
                problems.add("line " + lineNumber + ": " + e.getMessage());
            }
            return false;
        }
    }
}
