package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The schema on TimescaleDB, and retention by chunks. */
@EnabledIfSystemProperty(
        named = "heliograph.test.timescale.url",
        matches = "jdbc:.+",
        disabledReason = "no TimescaleDB: start one with .ci/timescaledb and pass -Dheliograph.test.timescale.url")
class TimescaleSchemaTest extends RetentionContract {
    @Override
    DataSource database() {
        return TestDatabase.timescale().orElseThrow();
    }

    @Test
    void givenTimescale_whenMigrated_thenTimePartitionedTablesAreHypertables() throws SQLException {
        DataSource database = database();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            assertThat(RetentionContract.number(sql, """
                            SELECT count(*) FROM timescaledb_information.hypertables WHERE hypertable_name IN
                            ('measurement', 'state_change', 'window_10s', 'window_1m', 'window_1h', 'presence_change',
                             'alert_transition', 'quarantine')
                            """)).isEqualTo(8);
            assertThat(DatabaseSchema.migrate(database)).isZero();
        }
    }
}
