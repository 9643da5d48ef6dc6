package dev.heliograph.local.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Programs of PostgreSQL, and what a server of theirs is told beside what every server of ours is told.
 *
 * @param home the directory that holds {@code bin} with {@code initdb}, {@code pg_ctl} and {@code postgres}
 * @param settings of {@code postgresql.conf}, by name; of one that ours has as well this one counts
 */
public record PostgresInstallation(Path home, Map<String, String> settings) {
    public PostgresInstallation {
        settings = Map.copyOf(settings);
    }

    /**
     * The one that this build brings, with no more settings.
     *
     * @param runtime where its programs are unpacked, unless they are there
     */
    public static PostgresInstallation brought(Path runtime) throws IOException {
        return new PostgresInstallation(PostgresBinaries.unpack(runtime), Map.of());
    }
}
