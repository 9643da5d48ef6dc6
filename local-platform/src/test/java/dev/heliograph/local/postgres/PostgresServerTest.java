package dev.heliograph.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    @TempDir
    Path directory;

    @Test
    void givenRows_whenStoppedAndStarted_thenTheyAreThereAndDurabilityIsOn() throws Exception {
        try (PostgresServer server = start()) {
            execute(server, "CREATE TABLE t AS SELECT 42 AS answer");
        }

        try (PostgresServer server = start()) {
            assertThat(query(server, "SELECT answer FROM t")).isEqualTo("42");
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "SHOW full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void givenAnInstallationWithSettings_whenStarted_thenTheyCountAlsoAgainstOurs() throws Exception {
        PostgresInstallation brought = PostgresInstallation.brought(directory.resolve("runtime"));
        PostgresInstallation installation =
                new PostgresInstallation(brought.home(), Map.of("work_mem", "7MB", "max_connections", "11"));

        try (PostgresServer server =
                PostgresServer.start(directory.resolve("pg"), installation, directory.resolve("pg.log"), "s3cret")) {
            assertThat(query(server, "SHOW work_mem")).isEqualTo("7MB");
            assertThat(query(server, "SHOW max_connections")).isEqualTo("11");
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
        }
    }

    @Test
    void givenWrongPassword_whenConnecting_thenRefused() throws Exception {
        try (PostgresServer server = start()) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), server.username(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void givenServerLeftBehind_whenStartedAgain_thenTheClusterChangesHands() throws Exception {
        PostgresServer orphan = start();
        execute(orphan, "CREATE TABLE t AS SELECT 7 AS answer");

        try (PostgresServer server = start()) {
            assertThat(query(server, "SELECT answer FROM t")).isEqualTo("7");
            assertThat(server.jdbcUrl()).isNotEqualTo(orphan.jdbcUrl());
        }
    }

    @Test
    void givenWatchdog_whenItsPipeCloses_thenTheServerStops() throws Exception {
        PostgresServer server = start();
        PostmasterPid pid = PostmasterPid.read(directory.resolve("pg")).orElseThrow();

        server.abandon();

        await().atMost(Duration.ofSeconds(30)).until(() -> !pid.isAlive());
    }

    private PostgresServer start() throws Exception {
        return PostgresServer.start(
                directory.resolve("pg"), directory.resolve("runtime"), directory.resolve("pg.log"), "s3cret");
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
    }
}
