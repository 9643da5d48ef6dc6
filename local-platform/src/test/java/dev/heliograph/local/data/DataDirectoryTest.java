package dev.heliograph.local.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path parent;

    @Test
    void givenDirectoryOfSomebodyElse_whenOpened_thenRefusedAndUntouched() throws Exception {
        Path theirs = Files.createDirectory(parent.resolve("photos"));
        Files.writeString(theirs.resolve("cat.jpg"), "meow");

        assertThatThrownBy(() -> DataDirectory.open(theirs, true))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.USAGE))
                .hasMessageContaining("is not a Heliograph data directory");

        assertThat(theirs.resolve("cat.jpg")).exists();
        try (var files = Files.list(theirs)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void givenHeldDirectory_whenOpenedAgain_thenRefusedWithTheAddress() {
        try (DataDirectory held = DataDirectory.open(parent.resolve("data"), false)) {
            URI url = URI.create("http://localhost:8080");
            new RunningPlatform(42, url, url, "localhost", 1883).write(held.root());

            assertThatThrownBy(() -> DataDirectory.open(held.root(), false))
                    .isInstanceOfSatisfying(
                            StartRefused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.ALREADY_RUNNING))
                    .hasMessageContaining("process 42, http://localhost:8080");
            assertThat(DataDirectory.isHeld(held.root())).isTrue();
        }
        assertThat(DataDirectory.isHeld(parent.resolve("data"))).isFalse();
    }

    @Test
    void givenData_whenOpenedFresh_thenAllIsGoneButUnpackedPrograms() throws Exception {
        String before;
        try (DataDirectory data = DataDirectory.open(parent.resolve("data"), false)) {
            before = data.secrets().key("k");
            Files.createDirectories(data.kafka().resolve("deep/er"));
            Files.createDirectories(data.runtime().resolve("program"));
        }

        try (DataDirectory data = DataDirectory.open(parent.resolve("data"), true)) {
            assertThat(data.kafka()).doesNotExist();
            assertThat(data.runtime().resolve("program")).exists();
            assertThat(data.secrets().key("k")).isNotEqualTo(before);
        }
    }

    @Test
    void givenSymbolicLinkInside_whenOpenedFresh_thenItsTargetStays() throws Exception {
        Path outside = Files.createDirectory(parent.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        try (DataDirectory data = DataDirectory.open(parent.resolve("data"), false)) {
            Files.createSymbolicLink(data.root().resolve("link"), outside);
        }

        DataDirectory.open(parent.resolve("data"), true).close();

        assertThat(outside.resolve("precious")).exists();
        assertThat(parent.resolve("data").resolve("link")).doesNotExist();
    }

    @Test
    void givenSecrets_whenAskedTwice_thenTheSameAndReadableByTheOwnerOnly() throws Exception {
        try (DataDirectory data = DataDirectory.open(parent.resolve("data"), false)) {
            Secrets secrets = data.secrets();

            String key = secrets.key("k");
            String password = secrets.password("p");

            assertThat(secrets.key("k")).isEqualTo(key).hasSize(32);
            assertThat(password).matches("[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.file("k"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.root())))
                    .isEqualTo("rwx------");
        }
    }
}
