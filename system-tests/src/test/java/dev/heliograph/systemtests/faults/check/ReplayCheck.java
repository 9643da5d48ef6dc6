package dev.heliograph.systemtests.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** C11: two databases that were filled from the same topics hold the same. */
public final class ReplayCheck {
    private static final int MOST_PROBLEMS = 20;
    /** A repaired window is summed by the database, in another order of additions. */
    private static final double SUM_TOLERANCE = 1e-9;

    private ReplayCheck() {}

    /** What one has and the other has not. What is never replayed (the audit) is left out. */
    public static List<String> differences(String tenant, Stored original, Stored replayed) {
        List<String> found = new ArrayList<>();
        compare("measurements", original.measurements(), replayed.measurements(), found);
        compare("states", original.states(), replayed.states(), found);
        compare("quarantine", original.quarantine(), replayed.quarantine(), found);
        compare("latest", original.latest(), replayed.latest(), found);
        compare("transitions", original.transitions(), replayed.transitions(), found);
        compare("alerts", original.alerts(), replayed.alerts(), found);
        compare("ledger", original.ledger(), replayed.ledger(), found);
        compare("windows", withoutSums(original), withoutSums(replayed), found);
        sums(original, replayed, found);
        List<String> named = found.stream()
                .limit(MOST_PROBLEMS)
                .map(text -> tenant + ": " + text)
                .toList();
        return named;
    }

    private static <T> void compare(String what, List<T> original, List<T> replayed, List<String> found) {
        Map<T, Integer> balance = new HashMap<>();
        original.forEach(row -> balance.merge(row, 1, Integer::sum));
        replayed.forEach(row -> balance.merge(row, -1, Integer::sum));
        balance.forEach((row, more) -> {
            if (more > 0) {
                found.add(what + ", only in the original: " + row);
            } else if (more < 0) {
                found.add(what + ", only in the replay: " + row);
            }
        });
    }

    private static List<Stored.Window> withoutSums(Stored stored) {
        return stored.windows().stream().map(window -> withSum(window, 0)).toList();
    }

    private static Stored.Window withSum(Stored.Window window, double sum) {
        return new Stored.Window(
                window.size(),
                window.device(),
                window.metric(),
                window.start(),
                window.count(),
                sum,
                window.min(),
                window.max(),
                window.first(),
                window.firstTs(),
                window.last(),
                window.lastTs());
    }

    private static void sums(Stored original, Stored replayed, List<String> found) {
        Function<Stored.Window, String> id =
                window -> window.size() + " " + window.device() + "/" + window.metric() + "@" + window.start();
        Map<String, Double> before = new HashMap<>();
        original.windows().forEach(window -> before.put(id.apply(window), window.sum()));
        Set<String> seen = new HashSet<>();
        for (Stored.Window window : replayed.windows()) {
            Double sum = before.get(id.apply(window));
            double scale = window.count() * Math.max(Math.abs(window.min()), Math.abs(window.max()));
            if (sum != null
                    && Math.abs(sum - window.sum()) > SUM_TOLERANCE * Math.max(1, scale)
                    && seen.add(id.apply(window))) {
                found.add("windows, sum " + sum + " in the original, " + window.sum() + " in the replay: "
                        + id.apply(window));
            }
        }
    }
}
