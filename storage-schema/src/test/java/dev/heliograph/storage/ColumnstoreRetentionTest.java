package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Retention where everything has been moved to the columnstore. */
@EnabledIf(
        value = "dev.heliograph.storage.TestDatabase#hasColumnstore",
        disabledReason = "no TimescaleDB with the columnstore behind -Dheliograph.test.timescale.url")
class ColumnstoreRetentionTest extends RetentionContract {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    @Override
    DataSource database() {
        return TestDatabase.columnstore().orElseThrow();
    }

    @Override
    void settle(DataSource database) {
        TestDatabase.moveToColumnstore(database);
    }

    @Test
    void givenTheEditionWithTheColumnstore_whenMigrated_thenOldChunksOfTheLargeTablesWillMoveThere()
            throws SQLException {
        try (Connection connection = database().getConnection();
                Statement sql = connection.createStatement()) {
            assertThat(number(sql, """
                            SELECT count(*) FROM timescaledb_information.jobs
                             WHERE proc_name = 'policy_compression' AND hypertable_name IN
                                   ('measurement', 'state_change', 'window_10s', 'window_1m', 'window_1h')
                            """)).isEqualTo(5);
        }
    }

    @Test
    void givenATenantThatKeepsForLess_whenRun_thenRowsOfOthersStayInTheColumnstore() throws SQLException {
        DataSource database = database();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("INSERT INTO series (tenant, device, metric) SELECT tenant, 'd' || n, 't'"
                    + " FROM unnest(ARRAY['short', 'usual']) tenant, generate_series(1, 90) n");
            sql.execute("""
                    INSERT INTO measurement
                    SELECT id, t, 1, t FROM series, generate_series(timestamptz '2026-11-20', '2026-11-23', '1 min') t
                    """);
            settle(database);

            new RetentionJob(database, keepingShort(Duration.ofHours(36)), NOON).run();

            assertThat(number(
                            sql,
                            "SELECT count(*) FROM measurement JOIN series ON id = series_id"
                                    + " WHERE tenant = 'short'"))
                    .isEqualTo(90L * (24 * 60 + 1));
            assertThat(number(
                            sql,
                            "SELECT count(*) FROM measurement JOIN series ON id = series_id"
                                    + " WHERE tenant = 'usual'"))
                    .isEqualTo(90L * (72 * 60 + 1));
            assertThat(TestDatabase.rowsBesideTheColumnstore(database, "measurement"))
                    .as(
                            "of others none has been taken out, of the tenant at most a batch of a thousand for each series")
                    .isLessThanOrEqualTo(90L * 1_000);
        }
    }

    private static RetentionSettings keepingShort(Duration raw) {
        RetentionSettings usual = RetentionSettings.DEFAULT;
        return new RetentionSettings(
                usual.raw(),
                usual.windows10s(),
                usual.windows1m(),
                usual.windows1h(),
                usual.quarantine(),
                usual.ledger(),
                Map.of("short", new Kept(raw, null, null, null)));
    }
}
