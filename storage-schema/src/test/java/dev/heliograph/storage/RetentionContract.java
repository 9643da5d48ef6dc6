package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What retention must do on every database. */
abstract class RetentionContract {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    abstract DataSource database();

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
