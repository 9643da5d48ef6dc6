package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationApplicationTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @Test
    void givenDatabase_whenRun_thenSchemaIsCurrent() throws InterruptedException {
        PGSimpleDataSource database = (PGSimpleDataSource) TestDatabase.postgres();

        int code = run(Map.of(
                "HELIOGRAPH_DATABASE_URL", String.valueOf(database.getUrl()),
                "HELIOGRAPH_DATABASE_USERNAME", "postgres",
                "HELIOGRAPH_DATABASE_PASSWORD", "postgres"));

        assertThat(log.toString(StandardCharsets.UTF_8)).contains("Connected to", "The schema is current");
        assertThat(code).isEqualTo(MigrationApplication.DONE);
    }

    @Test
    void givenRoleThatMayCreateRoles_whenRunTwice_thenTheApiCanEnterByItsOwnRoleAndIsBehindTheWall() throws Exception {
        // A server of its own: roles belong to the server, and the one of the other tests has this role already.
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            DataSource superuser = server.getPostgresDatabase();
            execute(
                    superuser,
                    "CREATE ROLE schema_owner LOGIN PASSWORD 'o'",
                    "CREATE ROLE role_maker LOGIN CREATEROLE PASSWORD 'm'",
                    "ALTER DATABASE postgres OWNER TO schema_owner");
            String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
            Map<String, String> environment = Map.of(
                    "HELIOGRAPH_DATABASE_URL", url,
                    "HELIOGRAPH_DATABASE_USERNAME", "schema_owner",
                    "HELIOGRAPH_DATABASE_PASSWORD", "o",
                    "HELIOGRAPH_DATABASE_ADMIN_USERNAME", "role_maker",
                    "HELIOGRAPH_DATABASE_ADMIN_PASSWORD", "m",
                    "HELIOGRAPH_DATABASE_QUERY_PASSWORD", "first '\"$");

            assertThat(run(environment))
                    .as(log.toString(StandardCharsets.UTF_8))
                    .isEqualTo(MigrationApplication.DONE);
            String first = verifier(superuser);
            assertThat(run(environment, "--query-password=second")).isEqualTo(MigrationApplication.DONE);

            assertThat(first).startsWith("SCRAM-SHA-256$");
            assertThat(verifier(superuser)).startsWith("SCRAM-SHA-256$").isNotEqualTo(first);

            execute(superuser, "INSERT INTO site (tenant, id, name) VALUES ('one', 's', 's')");
            try (Connection api = DriverManager.getConnection(url, TenantWall.QUERY_ROLE, "second");
                    Statement sql = api.createStatement();
                    ResultSet row = sql.executeQuery("SELECT count(*), current_setting('search_path') FROM site")) {
                row.next();
                assertThat(row.getInt(1)).as("no tenant was named").isZero();
                assertThat(row.getString(2)).isEqualTo("tenant_wall, public");
            }
        }
    }

    @Test
    void givenRolesThatMayNotOrPassTheWall_whenRun_thenItFailsAndSaysWhatToDo() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            execute(server.getPostgresDatabase(), "CREATE ROLE nobody_special LOGIN PASSWORD 'n'");
            String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";

            assertThat(run(Map.of(), "--url=" + url, "--username=nobody_special", "--password=n", "--query-password=q"))
                    .isEqualTo(MigrationApplication.FAILED);
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .contains("permission denied to create role", "HELIOGRAPH_DATABASE_ADMIN_USERNAME");

            execute(server.getPostgresDatabase(), "CREATE ROLE heliograph_query LOGIN BYPASSRLS");
            assertThat(run(Map.of(), "--url=" + url, "--username=postgres", "--query-password=q"))
                    .isEqualTo(MigrationApplication.FAILED);
            assertThat(log.toString(StandardCharsets.UTF_8)).contains("could pass the wall");
        }
    }

    private static String verifier(DataSource superuser) throws SQLException {
        try (Connection connection = superuser.getConnection();
                Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery("SELECT rolpassword FROM pg_authid WHERE rolname = 'heliograph_query'")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    @Test
    void givenNoDatabase_whenRun_thenGivesUpAfterTheWait() throws InterruptedException {
        // Port 1 of the loopback: nothing listens there.
        int code = run(Map.of(), "--url=jdbc:postgresql://127.0.0.1:1/none", "--wait=PT0S");

        assertThat(code).isEqualTo(MigrationApplication.UNREACHABLE);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("could not be reached within PT0S");
    }

    @Test
    void givenWrongUsage_whenRun_thenSaysWhat() throws InterruptedException {
        assertThat(run(Map.of())).isEqualTo(MigrationApplication.USAGE);
        assertThat(run(Map.of(), "--url=jdbc:mysql://x")).isEqualTo(MigrationApplication.USAGE);
        assertThat(run(Map.of(), "--url=jdbc:postgresql://x", "--wait=soon")).isEqualTo(MigrationApplication.USAGE);
        assertThat(run(Map.of(), "verbose")).isEqualTo(MigrationApplication.USAGE);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("ISO 8601", "unknown argument verbose");
    }

    private int run(Map<String, String> environment, String... args) throws InterruptedException {
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        return new MigrationApplication(MigrationApplication.settings(environment, args), out).run();
    }
}
