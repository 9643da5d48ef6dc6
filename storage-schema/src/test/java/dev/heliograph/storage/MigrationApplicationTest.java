package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
