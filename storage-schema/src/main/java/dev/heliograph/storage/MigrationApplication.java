package dev.heliograph.storage;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Migrates a database and ends: the migration job of a deployment. Where it is given a password for it, it makes the role of
 * the query API first, around which the database keeps tenants apart.
 *
 * <p>Takes {@code HELIOGRAPH_DATABASE_URL}, {@code HELIOGRAPH_DATABASE_USERNAME}, {@code HELIOGRAPH_DATABASE_PASSWORD} and
 * {@code HELIOGRAPH_DATABASE_WAIT} (how long to wait for the database, default {@code PT2M}) from the environment, or
 * {@code --url=}, {@code --username=}, {@code --password=}, {@code --wait=} as arguments, which win. For the role of the query
 * API: {@code HELIOGRAPH_DATABASE_QUERY_PASSWORD} ({@code --query-password=}), and, where the role above may not create roles,
 * {@code HELIOGRAPH_DATABASE_ADMIN_USERNAME} and {@code HELIOGRAPH_DATABASE_ADMIN_PASSWORD} of one that may.
 *
 * <p>Exit codes: 0 the schema is current, 2 wrong usage, 3 the database could not be reached in time, 4 the migration
 * failed.
 */
public final class MigrationApplication {
    static final int DONE = 0;
    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    static final int FAILED = 4;

    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(2);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final int CONNECT_TIMEOUT_SECONDS = 5;
    private static final List<String> NAMES =
            List.of("url", "username", "password", "wait", "query-password", "admin-username", "admin-password");
    // Kept, so that the level is not lost with the logger.
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private final Map<String, String> settings;
    private final PrintStream out;

    MigrationApplication(Map<String, String> settings, PrintStream out) {
        this.settings = settings;
        this.out = out;
    }

    /** Runs the job and ends the process with its exit code. */
    public static void main(String[] args) throws InterruptedException {
        FLYWAY.setLevel(Level.WARNING);
        System.exit(new MigrationApplication(settings(System.getenv(), args), System.out).run());
    }

    static Map<String, String> settings(Map<String, String> environment, String... args) {
        Map<String, String> settings = new HashMap<>();
        for (String name : NAMES) {
            String value = environment.get("HELIOGRAPH_DATABASE_"
                    + name.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
            if (value != null && !value.isBlank()) {
                settings.put(name, value);
            }
        }
        for (String argument : args) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                settings.put("unknown", argument);
            } else {
                settings.put(argument.substring(2, equals), argument.substring(equals + 1));
            }
        }
        return settings;
    }

    int run() throws InterruptedException {
        String url = settings.get("url");
        Duration wait;
        try {
            wait = settings.containsKey("wait") ? Duration.parse(settings.get("wait")) : DEFAULT_WAIT;
        } catch (DateTimeParseException malformed) {
            return usage("wait must be an ISO 8601 duration such as PT2M, was " + settings.get("wait"));
        }
        if (settings.containsKey("unknown")) {
            return usage("unknown argument " + settings.get("unknown"));
        }
        if (url == null || !url.startsWith("jdbc:postgresql:")) {
            return usage("the URL must be given and begin with jdbc:postgresql:");
        }
        PGSimpleDataSource database = database(url, "");
        if (!reached(database, wait)) {
            return UNREACHABLE;
        }
        if (settings.containsKey("query-password") && !madeQueryRole(url)) {
            return FAILED;
        }
        try {
            int applied = DatabaseSchema.migrate(database);
            say(applied == 0 ? "The schema is current." : "Applied " + applied + " migrations; the schema is current.");
            return DONE;
        } catch (FlywayException | IllegalStateException failure) {
            say("The migration failed: " + failure.getMessage());
            return FAILED;
        }
    }

    private boolean madeQueryRole(String url) {
        PGSimpleDataSource database = database(url, settings.containsKey("admin-username") ? "admin-" : "");
        try {
            TenantWall.createQueryRole(database, settings.getOrDefault("query-password", ""));
            say("The role " + TenantWall.QUERY_ROLE + " is there.");
            return true;
        } catch (SQLException | IllegalStateException failure) {
            say(
                    "The role " + TenantWall.QUERY_ROLE + " can not be made: " + failure.getMessage()
                            + ". Give this job a role that may create roles (HELIOGRAPH_DATABASE_ADMIN_USERNAME and"
                            + " HELIOGRAPH_DATABASE_ADMIN_PASSWORD), or make the role by hand and give this job no password for it.");
            return false;
        }
    }

    /** @param who beginning of the names of the settings that say who enters */
    private PGSimpleDataSource database(String url, String who) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        if (settings.containsKey(who + "username")) {
            database.setUser(settings.get(who + "username"));
        }
        if (settings.containsKey(who + "password")) {
            database.setPassword(settings.get(who + "password"));
        }
        database.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        database.setApplicationName("heliograph-migration");
        return database;
    }

    private boolean reached(PGSimpleDataSource database, Duration wait) throws InterruptedException {
        Instant deadline = Instant.now().plus(wait);
        boolean told = false;
        while (true) {
            try (Connection connection = database.getConnection()) {
                say("Connected to " + connection.getMetaData().getDatabaseProductVersion() + ".");
                return true;
            } catch (SQLException failure) {
                if (Instant.now().isAfter(deadline)) {
                    say("The database could not be reached within " + wait + ": " + failure.getMessage());
                    return false;
                }
                if (!told) {
                    say("Waiting for the database, at most " + wait + ": " + failure.getMessage());
                    told = true;
                }
                Thread.sleep(BETWEEN_ATTEMPTS);
            }
        }
    }

    private int usage(String why) {
        say(why);
        return USAGE;
    }

    private void say(String line) {
        out.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " migration: " + line);
    }
}
