package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The guide to the API as a stranger follows it: every block, from top to bottom, in one shell of an empty directory. */
@ExtendWith(SharedPlatform.class)
class GuideIT {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Duration FLEET_LIMIT = Duration.ofMinutes(3);
    private static final long GUIDE_LIMIT_SECONDS = 180;

    /** The option {@code %header{}}, from March 2022. */
    private static final double LEAST_CURL = 7.84;

    @TempDir
    Path directory;

    @Test
    void givenRunningPlatform_whenTheGuideIsFollowed_thenItPrintsWhatItSays(PlatformProcess platform) throws Exception {
        Assumptions.assumeTrue(curlVersion() >= LEAST_CURL, "bash and curl 7.84 or newer are needed");
        GuidePage page = GuidePage.parse(Files.readString(PROJECT.resolve("docs/guide/api.md")));
        awaitFleet(platform);

        int exitCode = run(platform, page);

        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(page.unmarked()).as("commands that no test runs").isEmpty();
        for (int i = 0; i < page.blocks().size(); i++) {
            GuidePage.Block block = page.blocks().get(i);
            Path output = directory.resolve("block-" + i + ".out");
            if (!Files.exists(output)) {
                softly.fail("line " + block.line() + " was not reached: the block before it failed");
                break;
            }
            String printed = Files.readString(output);
            softly.assertThat(block.isPrinted(printed))
                    .as(
                            "docs/guide/api.md, line %d%n%s%n--- should print%n%s%n--- printed%n%s%s",
                            block.line(), block.commands(), block.output(), printed, errors(i))
                    .isTrue();
        }
        softly.assertThat(exitCode).as("exit code of the shell").isZero();
        softly.assertAll();
    }

    /** The guide assumes a platform that has been running for a moment: devices of every site that report. */
    private static void awaitFleet(PlatformProcess platform) {
        Api api = new Api(platform, "viewer");
        await().atMost(FLEET_LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
            return api.get("/fleet/summary").path("devices").path("reporting").asInt() >= 5
                    && api.get("/data?from=now-1h&bucket=all&groupBy=site&metric=temperature")
                                    .path("series")
                                    .size()
                            >= 1;
        });
    }

    private int run(PlatformProcess platform, GuidePage page) throws IOException, InterruptedException {
        Path work = Files.createDirectory(directory.resolve("work"));
        Path launcher = Files.writeString(
                work.resolve("heliograph"), "#!/bin/sh\nexec '" + PROJECT.resolve("heliograph") + "' \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        StringBuilder script = new StringBuilder("set -eu\n");
        for (int i = 0; i < page.blocks().size(); i++) {
            Path commands = directory.resolve("block-" + i + ".sh");
            Files.writeString(commands, page.blocks().get(i).commands() + "\n");
            script.append(". '%s' > '%s' 2> '%s'%n"
                    .formatted(
                            commands,
                            directory.resolve("block-" + i + ".out"),
                            directory.resolve("block-" + i + ".err")));
        }
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString())
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("shell.out").toFile());
        bash.environment().put("HELIOGRAPH", platform.url().toString());
        bash.environment().put("HELIOGRAPH_DATA", platform.data().toString());
        bash.environment().put("HELIOGRAPH_BUILT", "1");
        Process process = bash.start();
        if (!process.waitFor(GUIDE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private String errors(int block) throws IOException {
        String errors = Files.readString(directory.resolve("block-" + block + ".err"));
        return errors.isEmpty() ? "" : "\n--- errors\n" + errors;
    }

    private static double curlVersion() throws IOException, InterruptedException {
        try {
            Process version = new ProcessBuilder("bash", "-c", "curl --version | head -n 1 | cut -d ' ' -f 2")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            version.waitFor();
            return text.matches("\\d+\\.\\d+\\..*") ? Double.parseDouble(text.substring(0, text.lastIndexOf('.'))) : 0;
        } catch (IOException noBash) {
            return 0;
        }
    }
}
