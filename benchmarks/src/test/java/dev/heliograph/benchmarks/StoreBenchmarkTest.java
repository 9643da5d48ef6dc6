package dev.heliograph.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class StoreBenchmarkTest {
    @Test
    void givenPostgres_whenASmallStoreIsMeasured_thenEveryWayStoresAllAndIsTold() throws IOException {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .start()) {
            CommandLine command = new CommandLine(new StoreBenchmark())
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(errors, true));

            // A way that stores another number of rows than it was given ends the command.
            int code = command.execute(
                    "--url",
                    postgres.getJdbcUrl("postgres", "postgres"),
                    "--devices=7",
                    "--metrics=2",
                    "--hours=3",
                    "--rounds=1",
                    "--questions=2");

            assertThat(errors.toString()).isEmpty();
            assertThat(code).isZero();
        }
        assertThat(out.toString())
                .contains("7 devices, 2 metrics", "840 measurements", "wide; plain table", "staging")
                .doesNotContain("chunks of");
        assertThat(out.toString().lines().filter(line -> line.startsWith("| narrow")))
                .as("the base, four other indexes, three other inserts")
                .hasSize(8);
    }
}
