package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(
        named = "heliograph.test.timescale.url",
        matches = "jdbc:.+",
        disabledReason = "no TimescaleDB: start one with .ci/timescaledb and pass -Dheliograph.test.timescale.url")
class TimescaleTenantWallTest extends TenantWallContract {
    @Override
    DataSource database() {
        return TestDatabase.timescale().orElseThrow();
    }

    @Test
    void givenChunks_whenReadByTheirNames_thenTheDatabaseRefuses() throws SQLException {
        DataSource database = database();
        List<String> chunks = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO measurement VALUES (1, now(), 1, now())");
            try (ResultSet rows =
                    statement.executeQuery("SELECT c::regclass::text FROM show_chunks('measurement') c")) {
                while (rows.next()) {
                    chunks.add(rows.getString(1));
                }
            }
        }
        assertThat(chunks).isNotEmpty();
        try (Connection connection = TestDatabase.asQueryRole(database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String chunk : chunks) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + chunk))
                        .hasMessageContaining("permission denied");
            }
        }
    }
}
