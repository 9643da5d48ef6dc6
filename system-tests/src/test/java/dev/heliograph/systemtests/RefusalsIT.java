package dev.heliograph.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

class RefusalsIT {
    @TempDir
    Path directory;

    @Test
    @ExtendWith(SharedPlatform.class)
    void givenRunningPlatform_whenStartedAgain_thenOneLineAndExitCode3(PlatformProcess platform) {
        PlatformProcess.Result second = PlatformProcess.run(platform.data(), "up", "--port", "0", "--mqtt-port", "0");

        assertThat(second.exitCode()).isEqualTo(3);
        assertThat(second.output().strip().lines())
                .singleElement()
                .asString()
                .startsWith("Heliograph is already running on")
                .endsWith(platform.url().toString());
    }

    @Test
    void givenTakenPort_whenStarted_thenOneLineThatNamesTheOptionAndExitCode4() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PlatformProcess.Result refused = PlatformProcess.run(
                    directory.resolve("data"), "up", "--port", "" + taken.getLocalPort(), "--mqtt-port", "0");

            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused.output())
                    .contains("Port %d (dashboard and API) cannot be used".formatted(taken.getLocalPort()))
                    .contains("Choose another with --port.")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void givenDirectoryOfSomebodyElse_whenStartedFresh_thenItIsLeftAlone() throws Exception {
        Files.writeString(directory.resolve("thesis.txt"), "years of work");

        PlatformProcess.Result refused = PlatformProcess.run(directory, "up", "--fresh", "--port", "0");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).contains("is not a Heliograph data directory");
        assertThat(directory.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void givenNothingRunning_whenATokenIsAsked_thenItSaysHowToStart() {
        PlatformProcess.Result refused = PlatformProcess.run(directory.resolve("data"), "token");

        assertThat(refused.exitCode()).isEqualTo(5);
        assertThat(refused.output()).contains("is not running").contains("heliograph up");
    }

    @Test
    void givenAStranger_whenAskingForHelp_thenEveryCommandIsExplained() {
        PlatformProcess.Result help = PlatformProcess.run(directory.resolve("data"), "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("up", "stop", "status", "open", "device-key", "token", "--fresh");
    }
}
