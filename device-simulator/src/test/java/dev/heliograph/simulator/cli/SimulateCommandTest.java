package dev.heliograph.simulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.simulator.mqtt.MqttResponder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {
    private static final int WRONG_USAGE = 2;

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void givenHelp_whenAsked_thenEveryOptionIsExplainedWithExamples() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .contains(
                        "--broker",
                        "--token-command",
                        "--client-secret",
                        "--faults",
                        "--history",
                        "--replay",
                        "--speed")
                .contains("Examples:", "device-simulator --replay office-sensors.csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--interval 5parsecs            | is no duration",
                "--interval 0ms                 | interval must be 1 ms or more",
                "--devices 0                    | devices must be 1 or more",
                "--tenant Demo                  | tenant id must match",
                "--rate 0                       | readingsPerSecond must be above 0",
                "--faults terrible              | expected one of",
                "--replay x.csv --speed 0       | speed must be above 0",
                "--replay x.csv --speed fast    | neither a number nor max",
                "--replay x.csv --times never   | is none of keep, shift, shift-each",
                "--replay x.csv --live later    | is no duration",
                "--replay x.csv --site atlantis | unknown site atlantis",
                "--speed 60                     | Missing required argument",
                "--token a --token-command b    | mutually exclusive",
            })
    void givenWrongUsage_whenRun_thenItIsRefusedWithTheRule(String arguments, String rule) {
        assertThat(run(words(arguments))).isEqualTo(WRONG_USAGE);

        assertThat(err.toString()).contains(rule);
    }

    @Test
    void givenMissingFile_whenReplayed_thenItFailsWithItsName() {
        assertThat(run("--replay", directory.resolve("nothing.csv").toString(), "--credentials", keys()))
                .isEqualTo(1);

        assertThat(out.toString()).contains("nothing.csv");
    }

    @Test
    void givenRecording_whenReplayedFromTheCommandLine_thenItEndsWithASummary() throws Exception {
        Path file =
                Files.writeString(directory.resolve("r.csv"), "device,time,t\nroom-1,0,1\nroom-1,1000,2\nroom-1,x,3\n");
        try (MqttResponder server = new MqttResponder(10, message -> 0)) {
            int exitCode = run(
                    "--broker", server.address().toString(),
                    "--replay", file.toString(),
                    "--speed", "max",
                    "--times", "shift-each",
                    "--credentials", keys());

            assertThat(exitCode).isZero();
            assertThat(server.telemetry()).hasSize(2);
            assertThat(out.toString()).contains("line 4: time must be", "1 bad lines", "acknowledged 2, refused 0");
        }
    }

    private String keys() {
        return directory.resolve("keys.json").toString();
    }

    private int run(String... arguments) {
        return new CommandLine(new SimulateCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static String[] words(String arguments) {
        List<String> words = new ArrayList<>();
        for (String word : arguments.strip().split(" +")) {
            words.add(word);
        }
        return words.toArray(String[]::new);
    }
}
