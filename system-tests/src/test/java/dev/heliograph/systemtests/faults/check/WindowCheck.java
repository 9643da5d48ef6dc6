package dev.heliograph.systemtests.faults.check;

import dev.heliograph.systemtests.faults.check.Stored.Measurement;
import dev.heliograph.systemtests.faults.check.Stored.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Recomputes every window from the rows, in the plainest way. */
public final class WindowCheck {
    private static final Map<String, Long> SIZES = Map.of("10s", 10_000_000L, "1m", 60_000_000L);
    private static final Map<String, Long> HOURS = Map.of("1h", 3_600_000_000L);
    /** A repaired window is summed by the database, in another order of additions. */
    private static final double SUM_TOLERANCE = 1e-9;

    private WindowCheck() {}

    private record Id(String size, String device, String metric, long start) implements Comparable<Id> {
        private static final Comparator<Id> ORDER = Comparator.comparing(Id::size)
                .thenComparing(Id::device)
                .thenComparing(Id::metric)
                .thenComparing(Id::start);

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    static List<String> problems(Evidence evidence) {
        return problems(evidence.stored(), SIZES);
    }

    /**
     * The same for windows of an hour, which know closed minutes only: to be asked when all minutes have closed and have been
     * told to their hours. Whether the hour is over then does not matter.
     */
    public static List<String> problemsOfHours(Stored stored) {
        return problems(stored, HOURS);
    }

    private static List<String> problems(Stored stored, Map<String, Long> sizes) {
        Map<Id, List<Measurement>> covered = new TreeMap<>();
        for (Measurement row : stored.measurements()) {
            sizes.forEach((size, micros) -> {
                long start = Math.floorDiv(row.key().micros(), micros) * micros;
                covered.computeIfAbsent(
                                new Id(size, row.key().device(), row.key().metric(), start), id -> new ArrayList<>())
                        .add(row);
            });
        }
        List<String> wrong = new ArrayList<>();
        Set<Id> found = new HashSet<>();
        for (Window window : stored.windows()) {
            if (!sizes.containsKey(window.size())) {
                continue;
            }
            Id id = new Id(window.size(), window.device(), window.metric(), window.start());
            if (!found.add(id)) {
                wrong.add("there twice: " + id);
            }
            List<Measurement> rows = covered.getOrDefault(id, List.of());
            String difference = difference(window, rows);
            if (!difference.isEmpty()) {
                wrong.add(id + ": " + difference);
            }
        }
        covered.keySet().stream().filter(id -> !found.contains(id)).forEach(id -> wrong.add("missing: " + id));
        return wrong;
    }

    private static String difference(Window window, List<Measurement> rows) {
        if (rows.isEmpty() || rows.size() != window.count()) {
            return "counts " + window.count() + ", there are " + rows.size() + " rows";
        }
        List<Measurement> inOrder = rows.stream()
                .sorted(Comparator.comparingLong(row -> row.key().micros()))
                .toList();
        double sum = 0;
        double size = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (Measurement row : inOrder) {
            sum += row.value();
            size += Math.abs(row.value());
            min = Math.min(min, row.value());
            max = Math.max(max, row.value());
        }
        Measurement first = inOrder.getFirst();
        Measurement last = inOrder.getLast();
        if (min != window.min() || max != window.max()) {
            return "min " + window.min() + " and max " + window.max() + ", should be " + min + " and " + max;
        }
        if (first.value() != window.first() || first.key().micros() != window.firstTs()) {
            return "first " + window.first() + "@" + window.firstTs() + ", should be " + first;
        }
        if (last.value() != window.last() || last.key().micros() != window.lastTs()) {
            return "last " + window.last() + "@" + window.lastTs() + ", should be " + last;
        }
        return Math.abs(sum - window.sum()) > SUM_TOLERANCE * Math.max(1, size)
                ? "sum " + window.sum() + ", should be " + sum
                : "";
    }
}
