package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.check.Sent;
import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.load.Feeds;
import dev.heliograph.systemtests.faults.plant.Database;
import dev.heliograph.systemtests.faults.plant.DatabaseRefusals;
import dev.heliograph.systemtests.faults.plant.Service;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A database that is replaced by another, and one that does not take what it is brought. */
final class DatabaseFaults {
    private static final Duration BEHIND = Duration.ofSeconds(2);

    /** Data exception, integrity violations: faults of a row. */
    private static final List<String> FOR_GOOD = List.of("22003", "23514", "23505");

    private static final String REASON = "DATABASE";

    private DatabaseFaults() {}

    /**
     * Statements fail by chance for reasons that pass, sessions are cancelled, ended and deadlocked, and some rows of one device
     * are refused for good. Only these are in quarantine in the end.
     */
    static Fault refusals(int rounds) {
        AtomicBoolean refused = new AtomicBoolean();
        return Fault.of("F36", "database refuses batches: some by chance, some rows of a device for good", run -> {
                    Map<String, Double> before = retries(run);
                    Database database = run.plant().database();
                    try (Connection connection = database.connect(database.name())) {
                        DatabaseRefusals.refuseByContent(connection);
                        refused.set(true);
                        try {
                            refuseByChance(run, connection, rounds);
                        } finally {
                            refused.set(false);
                        }
                        run.healed();
                        run.awaitStored();
                        DatabaseRefusals.takeAll(connection);
                    }
                    requireRetries(before, retries(run));
                })
                .under(load -> load.with(
                        "picky",
                        Duration.ofMillis(100),
                        Feeds.refused(refused::get, DatabaseRefusals.REFUSED, FOR_GOOD)))
                .asking(DatabaseFaults::onlyRefusedRowsAreInQuarantine);
    }

    /** The same without rows that are refused for good: nothing may be in quarantine that was not sent to it. */
    static Fault passingRefusals(int rounds) {
        return Fault.of("F36", "database refuses batches by chance", run -> {
            Database database = run.plant().database();
            try (Connection connection = database.connect(database.name())) {
                refuseByChance(run, connection, rounds);
            }
            run.healed();
        });
    }

    private static void refuseByChance(FaultRun run, Connection connection, int rounds) throws SQLException {
        int deadlocks = 0;
        try {
            DatabaseRefusals.refuseByChance(connection, run.random().nextLong());
            for (int round = 0; round < rounds; round++) {
                run.moment(300, 900);
                switch (run.random().nextInt(4)) {
                    case 0 -> DatabaseRefusals.cancelWriter(connection);
                    case 1 -> DatabaseRefusals.disconnectWriter(connection);
                    default ->
                        deadlocks += DatabaseRefusals.deadlock(
                                        connection, run.tenant().id())
                                ? 1
                                : 0;
                }
            }
        } finally {
            DatabaseRefusals.takeAgain(connection);
        }
        System.out.println("[faults] F36: " + deadlocks + " deadlocks were solved at the cost of the suite");
    }

    private static Map<String, Double> retries(FaultRun run) {
        Service stream = run.plant().stream();
        Map<String, Double> retries = new TreeMap<>();
        for (String why : List.of("contended", "unavailable", "refused")) {
            retries.put(
                    why,
                    stream.metric("heliograph_writer_retries_total", "why=\"" + why + "\"")
                            .orElse(0));
        }
        return retries;
    }

    /** What is refused for good is met for certain; each of the others by a chance that a short run may miss. */
    private static void requireRetries(Map<String, Double> before, Map<String, Double> after) {
        System.out.println("[faults] F36: retries of the writer before " + before + ", after " + after);
        if (after.getOrDefault("refused", 0.0) <= before.getOrDefault("refused", 0.0)) {
            throw new AssertionError("no batch was tried again because it was refused: " + after);
        }
    }

    private static List<String> onlyRefusedRowsAreInQuarantine(FaultRun run, Stored stored) {
        List<String> problems = new ArrayList<>();
        long refused = 0;
        for (Stored.Refused row : stored.quarantine()) {
            if (row.reason().equals(REASON)) {
                refused += row.count();
                if (!row.payload().contains("=" + DatabaseRefusals.REFUSED)) {
                    problems.add("in quarantine though it could have been stored: " + row);
                }
            }
        }
        long sent = run.tenant().sent().stream()
                .filter(message -> message.verdict() == Sent.Verdict.ACKNOWLEDGED)
                .flatMap(message -> message.texts().values().stream())
                .filter(text -> text.startsWith(DatabaseRefusals.REFUSED))
                .count();
        if (refused != sent || refused == 0) {
            problems.add(refused + " states are in quarantine by " + REASON + ", to be refused were " + sent);
        }
        return problems;
    }

    /** Each commit is on both disks before anybody hears of it: what was there is there, by the API too. */
    static Fault failover() {
        return Fault.of("F35", "database killed, its synchronous standby takes its place", run -> {
                    Database database = run.plant().database();
                    database.addStandby(true);
                    run.moment(1_000, 3_000);
                    run.tenant().addDevice("made-just-before"); // C12 asks for its audit
                    run.plant().failDatabaseOver();
                    run.healed();
                    run.tenant().addDevice("made-just-after");
                })
                .needing(Need.OWN_DATABASE);
    }

    /**
     * The last commits are lost, and with them the writer's positions: it reads again from where the new server stands. Only
     * then may a newest value go back.
     */
    static Fault failoverToOneThatWasBehind() {
        return Fault.of(
                        "F35",
                        "database killed, an asynchronous standby that is two seconds behind takes its place",
                        run -> {
                            Database database = run.plant().database();
                            database.addStandby(false);
                            run.moment(500, 1_500);
                            database.holdReplication();
                            run.last(BEHIND);
                            run.commitsAreLost();
                            run.plant().failDatabaseOver();
                            run.healed();
                        })
                .needing(Need.OWN_DATABASE);
    }
}
