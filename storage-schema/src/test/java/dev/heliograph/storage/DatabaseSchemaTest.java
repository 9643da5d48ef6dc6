package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;

class DatabaseSchemaTest {
    @Test
    void givenMigratedDatabase_whenMigratedAgain_thenNothingIsApplied() {
        DataSource database = TestDatabase.postgres();

        assertThat(DatabaseSchema.migrate(database)).isZero();
    }

    @Test
    void givenSchemaOfANewerBuildThatOnlyAdded_whenMigrated_thenItIsTakenAsItIs() throws SQLException {
        DataSource database = TestDatabase.postgres();
        noteMigration(database, "add a thing");

        assertThat(DatabaseSchema.migrate(database)).isZero();
    }

    @Test
    void givenSchemaFromWhichANewerBuildTookAway_whenMigratedOrUsed_thenItIsRefusedWithTheReason() throws SQLException {
        DataSource database = TestDatabase.postgres();
        noteMigration(database, "contract drop a thing");

        assertThatThrownBy(() -> DatabaseSchema.migrate(database))
                .isInstanceOf(FlywayException.class)
                .hasMessageContaining("The migration 99000 (contract drop a thing) of a newer version has taken away");
        assertThatThrownBy(() -> DatabaseSchema.requireUsable(database)).isInstanceOf(FlywayException.class);
    }

    @Test
    void givenTheRoleOfTheApi_whenANewerBuildTookAway_thenItIsRefusedAsWell() throws SQLException {
        DataSource database = TestDatabase.postgres();
        DataSource role = TestDatabase.asQueryRole(database);
        assertThatCode(() -> DatabaseSchema.requireUsable(role)).doesNotThrowAnyException();

        noteMigration(database, "contract drop a thing");

        assertThatThrownBy(() -> DatabaseSchema.requireUsable(role)).hasMessageContaining("has taken away");
    }

    @Test
    void givenDatabaseWithoutASchema_whenAsked_thenItIsUsable() {
        assertThatCode(() -> DatabaseSchema.requireUsable(TestDatabase.empty())).doesNotThrowAnyException();
    }

    private static void noteMigration(DataSource database, String description) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("""
                    INSERT INTO flyway_schema_history
                    SELECT max(installed_rank) + 1, '99000', '%s', 'SQL', 'V99000__x.sql', 1, 'test', now(), 1, true
                      FROM flyway_schema_history
                    """.formatted(description));
        }
    }

    @Test
    void givenConnectionWithALockTimeout_whenMigrated_thenItHasItAgain() throws SQLException {
        DataSource database = TestDatabase.empty();
        try (Connection pooled = database.getConnection();
                Statement sql = pooled.createStatement()) {
            sql.execute("SET lock_timeout = '7s'");
            // As a pool with one connection: closing it gives it back.
            DataSource pool = BriefLocks.of(proxyOf(pooled), DatabaseSchema.LOCK_WAIT);
            try (Connection brief = pool.getConnection();
                    Statement within = brief.createStatement()) {
                assertThat(text(within, "SHOW lock_timeout")).isEqualTo("1s");
            }

            assertThat(text(sql, "SHOW lock_timeout")).isEqualTo("7s");
        }
    }

    private static DataSource proxyOf(Connection connection) {
        Connection kept = (Connection) Proxy.newProxyInstance(
                DatabaseSchemaTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(connection, arguments));
        return (DataSource) Proxy.newProxyInstance(
                DatabaseSchemaTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> kept);
    }

    private static String text(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void givenMinutesOfAnOlderSchema_whenMigrated_thenTheirHoursAreThere() throws SQLException {
        DataSource database = TestDatabase.empty();
        Flyway.configure(DatabaseSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .target("1")
                .load()
                .migrate();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            // Three measurements 1, 3 and 8 in two minutes of one hour, one in the next, and values no square fits.
            sql.execute("""
                    INSERT INTO window_1m VALUES
                    (1, '2026-11-23T07:10Z', 1, 0, 2, 4, 1, 3, 1, '2026-11-23T07:10:01Z', 3, '2026-11-23T07:10:02Z', 2, 2),
                    (1, '2026-11-23T07:59Z', 2, 1, 1, 8, 8, 8, 8, '2026-11-23T07:59:01Z', 8, '2026-11-23T07:59:01Z', 8, 0),
                    (1, '2026-11-23T08:00Z', 1, 0, 1, 5, 5, 5, 5, '2026-11-23T08:00:00Z', 5, '2026-11-23T08:00:00Z', 5, 0),
                    (2, '2026-11-23T07:00Z', 1, 0, 9, 1.7e308, 1.7e308, 1.7e308, 1.7e308, now(), 1.7e308, now(), 1.7e308, 1.7e308),
                    (2, '2026-11-23T07:01Z', 1, 0, 9, 1.7e308, 1.7e308, 1.7e308, 1.7e308, now(), 1.7e308, now(), 1.7e308, 1.7e308),
                    (3, date_trunc('minute', now()), 1, 0, 1, 5, 5, 5, 5, now(), 5, now(), 5, 0)
                    """);

            DatabaseSchema.migrate(database);

            try (ResultSet hours = sql.executeQuery("""
                    SELECT concat_ws(' ', extract(hour FROM start_at AT TIME ZONE 'UTC')::int, phase, count, sum, min, max,
                           first, last, mean, m2) FROM window_1h WHERE series_id = 1 ORDER BY start_at
                    """)) {
                hours.next();
                assertThat(hours.getString(1)).isEqualTo("7 1 3 12 1 8 1 8 4 26");
                hours.next();
                assertThat(hours.getString(1)).isEqualTo("8 1 1 5 5 5 5 5 5 0");
                assertThat(hours.next()).isFalse();
            }
            assertThat(RetentionContract.number(sql, "SELECT count FROM window_1h WHERE series_id = 2"))
                    .isEqualTo(18);
            assertThat(RetentionContract.number(sql, "SELECT phase FROM window_1h WHERE series_id = 3"))
                    .as("the running hour is not closed")
                    .isZero();
        }
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
