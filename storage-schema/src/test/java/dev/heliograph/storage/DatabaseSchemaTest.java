package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DatabaseSchemaTest {
    @Test
    void givenMigratedDatabase_whenMigratedAgain_thenNothingIsApplied() {
        DataSource database = TestDatabase.postgres();

        assertThat(DatabaseSchema.migrate(database)).isZero();
    }

    @Test
    void givenMeasurement_whenSameIdentityIsInsertedAgain_thenItCountsOnce() throws SQLException {
        try (Connection connection = TestDatabase.postgres().getConnection();
                Statement statement = connection.createStatement()) {
            String insert =
                    "INSERT INTO measurement VALUES (1, '2026-11-23T07:19:00Z', 21.4, now()) ON CONFLICT DO NOTHING";

            assertThat(statement.executeUpdate(insert)).isEqualTo(1);
            assertThat(statement.executeUpdate(insert)).isZero();

            try (ResultSet count = statement.executeQuery("SELECT count(*) FROM measurement")) {
                count.next();
                assertThat(count.getInt(1)).isEqualTo(1);
            }
        }
    }
}
