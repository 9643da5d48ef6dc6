package dev.heliograph.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.storage.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A writer that stands still in the middle of a transaction must not stop its successor. */
class WriterPoolTest {
    private static final String LOCK =
            "SELECT next_offset FROM consumer_offset WHERE consumer = 'pool-test' FOR UPDATE";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private HikariDataSource pool;

    @BeforeEach
    void open() throws SQLException {
        PGSimpleDataSource database = (PGSimpleDataSource) TestDatabase.postgres();
        WriterSettings settings = new Binder(
                        new MapConfigurationPropertySource(Map.of("heliograph.writer.database.socket-timeout", "1s")))
                .bindOrCreate("heliograph.writer", WriterSettings.class);
        pool = WriterPool.of(
                settings,
                new DatabaseAccess(database.getUrl(), database.getUser(), String.valueOf(database.getPassword())));
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO consumer_offset VALUES ('pool-test', 'readings', 0, 0) ON CONFLICT DO NOTHING");
        }
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void givenATransactionThatStandsStill_whenAnotherWantsItsRows_thenItGetsThem() throws SQLException {
        try (Connection frozen = pool.getConnection()) {
            frozen.setAutoCommit(false);
            lock(frozen);

            await().atMost(PATIENCE).until(this::successorGetsTheRows);

            assertThatThrownBy(() -> lock(frozen)).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void givenRowsThatAreLocked_whenAnotherWaits_thenTheServerGivesUpBeforeTheDriver() throws SQLException {
        try (Connection holder = pool.getConnection();
                Connection waiting = pool.getConnection()) {
            holder.setAutoCommit(false);
            lock(holder);

            assertThatThrownBy(() -> lock(waiting))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState())
                                    .as("lock not available, and the connection is whole")
                                    .isEqualTo("55P03"));
            assertThat(waiting.isValid(1)).isTrue();
        }
    }

    private boolean successorGetsTheRows() {
        try (Connection successor = pool.getConnection()) {
            lock(successor);
            return true;
        } catch (SQLException stillLocked) {
            return false;
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(LOCK).close();
        }
    }
}
