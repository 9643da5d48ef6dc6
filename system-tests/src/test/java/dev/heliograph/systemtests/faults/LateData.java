package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.check.WindowCheck;
import dev.heliograph.systemtests.faults.load.Feeds;
import dev.heliograph.systemtests.faults.plant.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Readings that come long after their time, and in no order. */
final class LateData {
    private static final Duration LASTING = Duration.ofSeconds(15);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(700);
    private static final int MOST_PROBLEMS = 10;
    private static final int LEAST_REVISED = 20;
    private static final int LEAST_OFTEN_REVISED = 3;
    private static final String WINDOWS = """
            SELECT '%1$s ' || w.series_id || ' ' || w.start_at, w.phase, w.revision,
                   concat_ws(' ', w.count, w.min, w.max, w.first, w.first_ts, w.last, w.last_ts)
            FROM window_%1$s w JOIN series s ON s.id = w.series_id WHERE s.tenant = ?
            """;

    private LateData() {}

    /** A window as it was seen. */
    private record Seen(int phase, int revision, String content, int revised) {}

    /**
     * One device brings its last hour in no order, another its last three seconds, of which the windows wait for two. Every
     * window, hours too, is the summary of its rows in the end, and one that says something else has another revision.
     */
    static Fault shuffled() {
        List<String> problems = new ArrayList<>();
        return Fault.of(
                        "F27",
                        "readings up to an hour late and in no order, beside some that are just too late",
                        run -> {
                            problems.clear();
                            Map<String, Seen> windows = new HashMap<>();
                            long end = System.nanoTime() + LASTING.toNanos();
                            while (System.nanoTime() < end) {
                                look(run, windows, problems);
                                run.last(BETWEEN_LOOKS);
                            }
                            run.healed();
                            look(run, windows, problems);
                            long revised = windows.values().stream()
                                    .filter(seen -> seen.revised() > 0)
                                    .count();
                            int most = windows.values().stream()
                                    .mapToInt(Seen::revised)
                                    .max()
                                    .orElse(0);
                            System.out.println("[faults] F27: " + revised + " of " + windows.size()
                                    + " windows were revised after they had been final, one of them " + most
                                    + " times");
                            if (revised < LEAST_REVISED || most < LEAST_OFTEN_REVISED) {
                                problems.add(
                                        "only " + revised + " windows were revised, none more than " + most + " times");
                            }
                        })
                .under(load -> load.with("shuffled", Duration.ofMillis(200), Feeds.shuffled(10, 3_600))
                        .with("tardy", Duration.ofMillis(100), Feeds.shuffled(1, 3)))
                .settlingWithin(Duration.ofSeconds(150))
                .asking((run, stored) -> problemsOf(stored, problems));
    }

    private static List<String> problemsOf(Stored stored, List<String> seen) {
        List<String> all = new ArrayList<>(seen);
        all.addAll(WindowCheck.problemsOfHours(stored));
        return all.size() <= MOST_PROBLEMS ? all : all.subList(0, MOST_PROBLEMS);
    }

    private static void look(FaultRun run, Map<String, Seen> windows, List<String> problems) throws SQLException {
        Database database = run.plant().database();
        try (Connection connection = database.connect(database.name())) {
            for (String size : List.of("10s", "1m", "1h")) {
                try (PreparedStatement select = connection.prepareStatement(WINDOWS.formatted(size))) {
                    select.setString(1, run.tenant().id());
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            windows.merge(
                                    row.getString(1),
                                    new Seen(row.getInt(2), row.getInt(3), row.getString(4), 0),
                                    (before, now) -> next(row, before, now, problems));
                        }
                    }
                }
            }
        }
    }

    /** Viewers know a window by its revision: what is final changes with a higher one only. */
    private static Seen next(ResultSet row, Seen before, Seen now, List<String> problems) {
        boolean changed = !before.content().equals(now.content());
        boolean wasFinal = before.phase() > 0;
        if (wasFinal && (now.revision() < before.revision() || changed && now.revision() == before.revision())) {
            problems.add("a window went from " + before + " to " + now + ": " + name(row));
        }
        return new Seen(now.phase(), now.revision(), now.content(), before.revised() + (wasFinal && changed ? 1 : 0));
    }

    private static String name(ResultSet row) {
        try {
            return row.getString(1);
        } catch (SQLException gone) {
            return gone.toString();
        }
    }
}
