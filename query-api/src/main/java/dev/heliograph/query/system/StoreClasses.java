package dev.heliograph.query.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the tables of the store into the classes that are kept apart. */
final class StoreClasses {
    private static final String OTHER = "other";
    private static final Map<String, String> CLASS_OF_TABLE = Map.of(
            "measurement", "raw",
            "state_change", "raw",
            "window_10s", "10s",
            "window_1m", "1m",
            "window_1h", "1h",
            "quarantine", "quarantine",
            "ledger", "ledger",
            "ledger_source", "ledger");
    private static final List<String> ORDER = List.of("raw", "10s", "1m", "1h", "quarantine", "ledger", OTHER);

    private StoreClasses() {}

    /** All classes in their order, those without a table as well. */
    static List<SystemReport.DataClass> of(List<SystemReport.Table> tables, Map<String, Duration> kept) {
        Map<String, List<SystemReport.Table>> byClass = new LinkedHashMap<>();
        ORDER.forEach(name -> byClass.put(name, new ArrayList<>()));
        for (SystemReport.Table table : tables) {
            byClass.getOrDefault(CLASS_OF_TABLE.getOrDefault(table.name(), OTHER), List.of())
                    .add(table);
        }
        List<SystemReport.DataClass> classes = new ArrayList<>();
        byClass.forEach((name, of) -> {
            of.sort(Comparator.comparingLong(SystemReport.Table::sizeBytes).reversed());
            Duration time = kept.get(name);
            classes.add(new SystemReport.DataClass(
                    name,
                    of.stream().mapToLong(SystemReport.Table::sizeBytes).sum(),
                    of.stream().mapToLong(SystemReport.Table::rows).sum(),
                    time == null ? null : time.toSeconds(),
                    List.copyOf(of)));
        });
        return classes;
    }
}
