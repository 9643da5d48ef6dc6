package dev.heliograph.systemtests.faults.plant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A database that does not take what the writer brings: some statements by chance and for a reason that passes, and some
 * rows for good, by what is in them. Made of triggers, beside what other sessions can do to it: cancel, disconnect, deadlock.
 */
public final class DatabaseRefusals {
    /** Every text that begins so is refused for good, with the SQLSTATE that follows: {@code refuse-22003}. */
    public static final String REFUSED = "refuse-";

    /**
     * Deadlock, serialization failure, unique violation, cancelled or over the statement timeout, out of memory, too many
     * connections, lock timeout: each passes.
     */
    private static final String PASSING = "'40P01','40001','23505','57014','53200','53300','55P03'";
    /** Of 1,024 statements; a transaction of the writer has about fifteen. */
    private static final int CHANCE = 20;

    private static final List<String> TABLES = List.of(
            "measurement",
            "state_change",
            "latest",
            "window_10s",
            "window_1m",
            "window_1h",
            "window_repair",
            "presence",
            "alert",
            "alert_transition",
            "quarantine",
            "ledger",
            "ledger_source",
            "device_sequence",
            "series",
            "consumer_offset");

    private static final String WRITER = "heliograph-writer";
    private static final int ATTEMPTS = 50;

    private DatabaseRefusals() {}

    /** From now on rows of {@link #REFUSED} texts are refused. */
    public static void refuseByContent(Connection connection) throws SQLException {
        execute(connection, """
                CREATE OR REPLACE FUNCTION faults_by_content() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'no such rows, says the suite' USING ERRCODE = substr(NEW.value, %d);
                END
                $$
                """.formatted(REFUSED.length() + 1));
        execute(connection, """
                CREATE OR REPLACE TRIGGER faults_by_content BEFORE INSERT ON state_change FOR EACH ROW
                WHEN (starts_with(NEW.value, '%s')) EXECUTE FUNCTION faults_by_content()
                """.formatted(REFUSED));
    }

    /** From now on some of the writer's statements fail by a chance that is the same for the same seed. */
    public static void refuseByChance(Connection connection, long seed) throws SQLException {
        execute(connection, "CREATE SEQUENCE faults_statement");
        execute(connection, """
                CREATE FUNCTION faults_by_chance() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    chance integer;
                BEGIN
                    IF current_setting('application_name') = '%s' THEN
                        chance := hashint8extended(nextval('faults_statement'), %d) & 1023;
                        IF chance < %d THEN
                            RAISE EXCEPTION 'not now, says the suite' USING ERRCODE = (ARRAY[%s])[1 + chance %% 7];
                        END IF;
                    END IF;
                    RETURN NULL;
                END
                $$
                """.formatted(WRITER, seed, CHANCE, PASSING));
        for (String table : TABLES) {
            execute(connection, """
                    CREATE TRIGGER faults_by_chance BEFORE INSERT OR UPDATE ON %s FOR EACH STATEMENT
                    EXECUTE FUNCTION faults_by_chance()
                    """.formatted(table));
        }
    }

    /** Only what is refused by its content still is. */
    public static void takeAgain(Connection connection) throws SQLException {
        for (String table : TABLES) {
            execute(connection, "DROP TRIGGER IF EXISTS faults_by_chance ON " + table);
        }
        execute(connection, "DROP FUNCTION IF EXISTS faults_by_chance()");
        execute(connection, "DROP SEQUENCE IF EXISTS faults_statement");
    }

    /** Everything is taken again. */
    public static void takeAll(Connection connection) throws SQLException {
        takeAgain(connection);
        execute(connection, "DROP TRIGGER IF EXISTS faults_by_content ON state_change");
        execute(connection, "DROP FUNCTION IF EXISTS faults_by_content()");
    }

    /** Cancels what the writer's sessions do, as a statement timeout or a person would. */
    public static void cancelWriter(Connection connection) throws SQLException {
        signal(connection, "pg_cancel_backend");
    }

    /** Ends the writer's sessions. */
    public static void disconnectWriter(Connection connection) throws SQLException {
        signal(connection, "pg_terminate_backend");
    }

    private static void signal(Connection connection, String how) throws SQLException {
        try (PreparedStatement signal = connection.prepareStatement(
                "SELECT %s(pid) FROM pg_stat_activity WHERE application_name = ? AND datname = current_database()"
                        .formatted(how))) {
            signal.setString(1, WRITER);
            signal.execute();
        }
    }

    /**
     * Locks the newest values of a tenant from the last to the first, while the writer locks them from the first to the last.
     *
     * @return whether the server chose this transaction, not the writer's
     */
    public static boolean deadlock(Connection connection, String tenant) throws SQLException {
        connection.setAutoCommit(false);
        try {
            List<Integer> ids = new ArrayList<>();
            try (PreparedStatement find = connection.prepareStatement(
                    "SELECT l.series_id FROM latest l JOIN series s ON s.id = l.series_id WHERE s.tenant = ? ORDER BY 1")) {
                find.setString(1, tenant);
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        ids.add(row.getInt(1));
                    }
                }
            }
            int middle = ids.size() / 2;
            lock(connection, ids.subList(middle, ids.size()));
            Waiting.pause(java.time.Duration.ofMillis(300));
            lock(connection, ids.subList(0, middle));
            return false;
        } catch (SQLException failure) {
            if ("40P01".equals(failure.getSQLState())) {
                return true;
            }
            throw failure;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static void lock(Connection connection, List<Integer> ids) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT 1 FROM latest WHERE series_id = ANY (?::int[]) ORDER BY series_id DESC FOR UPDATE")) {
            lock.setObject(1, ids.stream().mapToInt(Integer::intValue).toArray());
            lock.execute();
        }
    }

    /** A change of a table waits for the writer's transaction, and may be the one that loses. */
    private static void execute(Connection connection, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException failure) {
                if (attempt == ATTEMPTS || !"40P01".equals(failure.getSQLState())) {
                    throw failure;
                }
            }
        }
    }
}
