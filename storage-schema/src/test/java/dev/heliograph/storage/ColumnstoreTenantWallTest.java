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
import org.junit.jupiter.api.condition.EnabledIf;

/** The wall around rows that have been moved to the columnstore. */
@EnabledIf(
        value = "dev.heliograph.storage.TestDatabase#hasColumnstore",
        disabledReason = "no TimescaleDB with the columnstore behind -Dheliograph.test.timescale.url")
class ColumnstoreTenantWallTest extends TenantWallContract {
    @Override
    DataSource database() {
        return TestDatabase.columnstore().orElseThrow();
    }

    @Override
    void settle(DataSource database) {
        TestDatabase.moveToColumnstore(database);
    }

    @Test
    void givenTablesOfTheColumnstore_whenReadByTheirNames_thenTheDatabaseRefuses() throws SQLException {
        DataSource database = database();
        List<String> inner = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO measurement VALUES (1, now(), 1, now())");
            settle(database);
            try (ResultSet rows = statement.executeQuery("""
                    SELECT c.oid::regclass::text, has_table_privilege('heliograph_query', c.oid, 'SELECT')
                      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = '_timescaledb_internal' AND c.relkind = 'r' AND c.relname LIKE '%hyper%'
                    """)) {
                while (rows.next()) {
                    inner.add(rows.getString(1));
                    assertThat(rows.getBoolean(2)).as(rows.getString(1)).isFalse();
                }
            }
        }
        assertThat(inner).anyMatch(name -> name.contains("compress_hyper"));
        try (Connection connection = TestDatabase.asQueryRole(database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String name : inner) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + name))
                        .isInstanceOf(SQLException.class);
            }
        }
    }
}
