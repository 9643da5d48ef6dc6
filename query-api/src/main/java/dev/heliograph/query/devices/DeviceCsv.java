package dev.heliograph.query.devices;

import dev.heliograph.model.csv.CsvLine;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.web.CsvText;
import dev.heliograph.query.web.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Devices as CSV: a header, then a device a row. What a file of this kind may say is what {@link #header} writes; when it is
 * read, {@code id} must be there, other columns may be missing, and {@code status} and {@code lastSeen} are passed over.
 */
final class DeviceCsv {
    static final String LABEL = "label.";
    private static final String ID = "id";
    private static final String MAY_BACKFILL = "mayBackfill";
    private static final List<String> TEXTS = List.of("name", "type", "site", "firmware");
    private static final List<String> OTHERS =
            List.of("enabled", "expectedIntervalSeconds", "lat", "lon", MAY_BACKFILL);
    private static final List<String> READ_ONLY = List.of("status", "lastSeen");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,20}(\\.[0-9]{0,20})?([eE][+-]?[0-9]{1,3})?");

    private final List<String> columns;

    private DeviceCsv(List<String> columns) {
        this.columns = columns;
    }

    /** What one row says of a device: a merge patch of it. */
    sealed interface Row {
        /** A device and what is to be changed; an empty cell clears. */
        record Good(String id, ObjectNode patch) implements Row {}

        /** A row that says nothing usable; the column is null where it is the row as a whole. */
        record Bad(@Nullable String column, String detail) implements Row {}
    }

    /** @throws IllegalArgumentException if the header is not one of devices */
    static DeviceCsv ofHeader(String line) {
        String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
        List<String> columns = CsvLine.split(text).stream()
                .map(CsvText::read)
                .map(String::strip)
                .toList();
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!isKnown(column)) {
                throw new IllegalArgumentException("'" + brief(column) + "' is not a column; there are " + ID + ", "
                        + String.join(", ", TEXTS) + ", " + String.join(", ", OTHERS) + ", " + LABEL + "KEY");
            }
            if (!seen.add(column)) {
                throw new IllegalArgumentException("'" + brief(column) + "' is there twice");
            }
        }
        if (!seen.contains(ID)) {
            throw new IllegalArgumentException("the column id is needed");
        }
        if (seen.contains("lat") != seen.contains("lon")) {
            throw new IllegalArgumentException("the columns lat and lon belong together");
        }
        return new DeviceCsv(columns);
    }

    private static boolean isKnown(String column) {
        return column.equals(ID)
                || TEXTS.contains(column)
                || OTHERS.contains(column)
                || READ_ONLY.contains(column)
                || column.startsWith(LABEL)
                        && column.length() > LABEL.length()
                        && column.length() <= LABEL.length() + Text.MAX_LABEL_KEY;
    }

    Row read(String line) {
        List<String> cells;
        try {
            cells = CsvLine.split(line);
        } catch (IllegalArgumentException broken) {
            return new Row.Bad(null, String.valueOf(broken.getMessage()));
        }
        if (cells.size() != columns.size()) {
            return new Row.Bad(null, "has " + cells.size() + " cells, the header " + columns.size());
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        String id = "";
        String lat = null;
        String lon = null;
        for (int i = 0; i < cells.size(); i++) {
            String column = columns.get(i);
            String cell = CsvText.read(cells.get(i)).strip();
            switch (column) {
                case ID -> id = cell;
                case "lat" -> lat = cell;
                case "lon" -> lon = cell;
                case "enabled", MAY_BACKFILL -> {
                    if (!cell.isEmpty() && !cell.equalsIgnoreCase("true") && !cell.equalsIgnoreCase("false")) {
                        return new Row.Bad(column, "must be true or false");
                    }
                    patch.put(column, cell.isEmpty() ? column.equals("enabled") : cell.equalsIgnoreCase("true"));
                }
                case "expectedIntervalSeconds" -> {
                    if (!cell.isEmpty() && !NUMBER.matcher(cell).matches()) {
                        return new Row.Bad(column, "must be a number");
                    }
                    if (cell.isEmpty()) {
                        patch.putNull(column);
                    } else {
                        patch.put(column, Double.parseDouble(cell));
                    }
                }
                default -> put(patch, column, cell);
            }
        }
        if (DeviceId.parse(id).isEmpty()) {
            return new Row.Bad(ID, "must match [a-z0-9][a-z0-9_-]{0,63}");
        }
        if (lat != null && lon != null) {
            if (lat.isEmpty() && lon.isEmpty()) {
                patch.putNull("location");
            } else if (!NUMBER.matcher(lat).matches() || !NUMBER.matcher(lon).matches()) {
                return new Row.Bad("lat", "lat and lon must be numbers, or both empty");
            } else {
                patch.putObject("location").put("lat", Double.parseDouble(lat)).put("lon", Double.parseDouble(lon));
            }
        }
        return new Row.Good(id, patch);
    }

    private static void put(ObjectNode patch, String column, String cell) {
        if (READ_ONLY.contains(column)) {
            return;
        }
        boolean label = column.startsWith(LABEL);
        ObjectNode target = label ? patch.withObjectProperty("labels") : patch;
        String field = label ? column.substring(LABEL.length()) : column;
        if (cell.isEmpty()) {
            target.putNull(field);
        } else {
            target.put(field, cell);
        }
    }

    /** The header of a file with these labels. */
    static String header(TreeSet<String> labels) {
        List<String> names = new ArrayList<>(List.of(ID));
        names.addAll(TEXTS);
        names.addAll(OTHERS);
        names.addAll(READ_ONLY);
        labels.forEach(key -> names.add(LABEL + key));
        StringBuilder row = new StringBuilder();
        names.forEach(name -> cell(row, name));
        return end(row);
    }

    /** The row of a device in a file with these labels. */
    static String row(Device device, TreeSet<String> labels) {
        StringBuilder row = new StringBuilder();
        Device.Location location = device.location();
        cell(row, device.id());
        cell(row, device.name());
        cell(row, device.type());
        cell(row, device.site());
        cell(row, device.firmware());
        row.append(',').append(device.enabled());
        number(row, device.expectedIntervalSeconds());
        number(row, location == null ? null : location.lat());
        number(row, location == null ? null : location.lon());
        row.append(',').append(device.mayBackfill());
        cell(row, device.presence().state());
        row.append(',');
        if (device.presence().lastSeen() != null) {
            row.append(device.presence().lastSeen());
        }
        labels.forEach(key -> cell(row, device.labels().get(key)));
        return end(row);
    }

    private static void cell(StringBuilder row, @Nullable String value) {
        if (!row.isEmpty()) {
            row.append(',');
        }
        if (value != null) {
            CsvText.append(row, value);
        }
    }

    // Left as a number even where it begins with a minus.
    private static void number(StringBuilder row, @Nullable Double value) {
        row.append(',');
        if (value != null) {
            row.append(value);
        }
    }

    private static String end(StringBuilder row) {
        return row.append("\r\n").toString();
    }

    private static String brief(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
