package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What retention must do on every database. */
abstract class RetentionContract {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    abstract DataSource database();

    /** What happens to rows before they are old. */
    void settle(DataSource database) {}

    @Test
    void givenOldAndNewRows_whenRun_thenOnlyOldOnesGo() throws SQLException {
        DataSource database = database();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO series (tenant, device, metric) SELECT 'demo', 'd' || n, 't' FROM generate_series(1, 450) n");
            sql.execute("""
                    INSERT INTO measurement
                    SELECT id, t, 1, t FROM series, generate_series(timestamptz '2026-09-01', '2026-11-23', '1 day') t
                    """);
            sql.execute("INSERT INTO state_change VALUES (1, '2026-09-01', 'a', now()), (1, '2026-11-23', 'b', now())");
            sql.execute("""
                    INSERT INTO quarantine
                    SELECT gen_random_uuid(), 'demo', null, 'x', 'mqtt', 'JSON', 'd', null, t, 1, '', ''
                    FROM generate_series(timestamptz '2026-09-01', '2026-11-23', '1 day') t
                    """);

            sql.execute("""
                    INSERT INTO ledger_source (tenant, minute, source)
                    SELECT tenant, t, 1
                    FROM unnest(ARRAY['-', 'demo', 'other']) AS tenant,
                         generate_series(timestamptz '2026-08-01', '2026-11-23', '1 hour') t
                    """);

            settle(database);

            Map<String, Long> deleted = new RetentionJob(database, RetentionSettings.DEFAULT, NOON).run();

            assertThat(deleted).containsKeys("measurement", "state_change", "quarantine");
            // Whole chunks go on TimescaleDB, so the oldest that stays may be older by a chunk.
            assertThat(number(sql, "SELECT count(*) FROM measurement WHERE ts < timestamptz '2026-10-22'"))
                    .isZero();
            assertThat(number(sql, "SELECT count(*) FROM measurement WHERE ts >= timestamptz '2026-10-25'"))
                    .isEqualTo(450L * 30);
            assertThat(number(sql, "SELECT count(*) FROM state_change")).isEqualTo(1);
            assertThat(number(sql, "SELECT count(*) FROM quarantine WHERE received_at < timestamptz '2026-10-15'"))
                    .isZero();
            assertThat(number(sql, "SELECT count(*) FROM quarantine WHERE received_at >= timestamptz '2026-10-25'"))
                    .isEqualTo(30);
            assertThat(number(sql, "SELECT count(*) FROM ledger_source")).isEqualTo(number(sql, """
                            SELECT 3 * count(*)
                            FROM generate_series(timestamptz '2026-08-25 12:00Z', '2026-11-23', '1 hour')
                            """));
            assertThat(new RetentionJob(database, RetentionSettings.DEFAULT, NOON).run())
                    .isEmpty();
        }
    }

    @Test
    void givenTenantsThatKeepForOtherTimes_whenRun_thenEachKeepsItsOwnAndReadersAreTold() throws SQLException {
        DataSource database = database();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("""
                    INSERT INTO series (tenant, device, metric)
                    SELECT tenant, 'd' || n, 't' FROM unnest(ARRAY['long', 'short', 'usual']) tenant, generate_series(1, 150) n
                    """);
            sql.execute("""
                    INSERT INTO measurement
                    SELECT id, t, 1, t FROM series, generate_series(timestamptz '2026-06-01', '2026-11-23', '1 day') t
                    """);
            sql.execute("""
                    INSERT INTO window_1m (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last,
                                           last_ts, mean, m2)
                    SELECT id, t, 1, 0, 1, 1, 1, 1, 1, t, 1, t, 1, 0
                      FROM series, generate_series(timestamptz '2026-11-01', '2026-11-23', '1 day') t
                    """);
            RetentionSettings settings = new RetentionSettings(
                    Duration.ofDays(30),
                    Duration.ofDays(30),
                    Duration.ofDays(365),
                    Duration.ofDays(1830),
                    Duration.ofDays(30),
                    Duration.ofDays(90),
                    Map.of(
                            "long", new Kept(Duration.ofDays(90), null, null, null),
                            "short", new Kept(Duration.ofDays(7), null, Duration.ofDays(14), null)));
            settle(database);

            new RetentionJob(database, settings, NOON).run();

            assertThat(days(sql, "measurement", "ts", "short")).isEqualTo("7 2026-11-17");
            assertThat(days(sql, "measurement", "ts", "usual")).isEqualTo("30 2026-10-25");
            // The longest goes by whole chunks on TimescaleDB, so a day more may stay.
            assertThat(days(sql, "measurement", "ts", "long")).matches("9[01] 2026-08-2[56]");
            assertThat(days(sql, "window_1m", "start_at", "short")).isEqualTo("14 2026-11-10");
            assertThat(days(sql, "window_1m", "start_at", "usual")).isEqualTo("23 2026-11-01");
            assertThat(number(sql, "SELECT keep_seconds FROM retention WHERE tenant = 'short' AND class = 'raw'"))
                    .isEqualTo(7 * 86_400);
            assertThat(number(sql, "SELECT keep_seconds FROM retention WHERE tenant = '' AND class = '1m'"))
                    .isEqualTo(365 * 86_400);
            assertThat(number(sql, "SELECT count(*) FROM retention")).isEqualTo(3 * 4 + 2);

            new RetentionJob(database, RetentionSettings.DEFAULT, NOON).announce();

            assertThat(number(sql, "SELECT count(*) FROM retention")).isEqualTo(4 + 2);
        }
    }

    /** How many days each of a tenant's series has, and the first of them. */
    private static String days(Statement sql, String table, String time, String tenant) throws SQLException {
        try (ResultSet row = sql.executeQuery("SELECT count(*) / 150 || ' ' || to_char(min(" + time
                + ") AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM " + table
                + " JOIN series ON id = series_id WHERE tenant = '" + tenant + "'")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void givenOtherProcessAtIt_whenRun_thenNothingIsDone() throws SQLException {
        DataSource database = database();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO quarantine VALUES (gen_random_uuid(), 'demo', null, 'x', 'mqtt', 'JSON', 'd', null,"
                            + " '2020-01-01', 1, '', '')");
            sql.execute("SELECT pg_advisory_lock(7241005310177)");

            assertThat(new RetentionJob(database, RetentionSettings.DEFAULT, NOON).run())
                    .isEmpty();

            assertThat(number(sql, "SELECT count(*) FROM quarantine")).isEqualTo(1);
        }
    }

    static long number(Statement sql, String query) throws SQLException {
        try (ResultSet result = sql.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
