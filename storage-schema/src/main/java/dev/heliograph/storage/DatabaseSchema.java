package dev.heliograph.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/**
 * Brings a database to the schema of this build. A build runs on the schema of a newer one as well, as migrations only add;
 * what takes something away is a migration whose description begins with {@code contract}, and a build that does not know
 * it refuses the database.
 */
public final class DatabaseSchema {
    private static final System.Logger LOG = System.getLogger(DatabaseSchema.class.getName());
    /**
     * How long a migration waits for a lock. Whoever wants the table after it waits behind it, so it gives up soon, and
     * tries again when what is in its way may have ended.
     */
    static final Duration LOCK_WAIT = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 60;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String LOCATION = "classpath:db/migration";
    private static final String CONTRACT = "contract";
    private static final String HOME = """
            SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = to_regclass('flyway_schema_history')
            """;

    private DatabaseSchema() {}

    /**
     * Applies what is missing and returns the number of migrations applied; does nothing on a database that is current.
     * Safe to call from several processes at once: one migrates, the others wait. A migration that cannot have a table to
     * itself within a second is rolled back and tried again, for about two minutes: what writes and reads beside it never
     * waits longer than that second.
     *
     * @throws FlywayException if a migration fails, or as in {@link #requireUsable}
     */
    public static int migrate(DataSource database) {
        requireUsable(database);
        int applied = applied(database, 1);
        Hypertables.createWhereTimescaleIsInstalled(database);
        TenantWall.raise(database);
        return applied;
    }

    /**
     * Looks whether a newer build has taken away from the schema what this one may need. For any role that may read the
     * history of the schema; a database without one is usable.
     *
     * @throws FlywayException with the reason if it has, or if the database cannot be asked
     */
    public static void requireUsable(DataSource database) {
        String home = home(database);
        if (home == null) {
            return;
        }
        MigrationInfo[] all = Flyway.configure(DatabaseSchema.class.getClassLoader())
                .dataSource(database)
                .defaultSchema(home)
                .locations(LOCATION)
                .load()
                .info()
                .all();
        for (MigrationInfo migration : all) {
            if (migration.getState() == MigrationState.FUTURE_SUCCESS
                    && migration.getDescription().startsWith(CONTRACT)) {
                throw new FlywayException("The migration " + migration.getVersion() + " (" + migration.getDescription()
                        + ") of a newer version has taken away what this version may need: start a version that knows"
                        + " it, see the runbook upgrade.md");
            }
        }
    }

    private static @Nullable String home(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HOME)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException failure) {
            throw new FlywayException("cannot read the history of the schema: " + failure.getMessage(), failure);
        }
    }

    private static int applied(DataSource database, int attempt) {
        try {
            return Flyway.configure(DatabaseSchema.class.getClassLoader())
                    .dataSource(BriefLocks.of(database, LOCK_WAIT))
                    .locations(LOCATION)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException failure) {
            if (!isLockTimeout(failure) || attempt == ATTEMPTS) {
                throw failure;
            }
            LOG.log(
                    System.Logger.Level.INFO,
                    "A table is in use; the migration is tried again, attempt {0} of {1}",
                    attempt + 1,
                    ATTEMPTS);
            pause(failure);
            return applied(database, attempt + 1);
        }
    }

    private static void pause(FlywayException failure) {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private static boolean isLockTimeout(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
