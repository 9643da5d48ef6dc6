package dev.heliograph.storage;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the schema of this build. */
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

    private DatabaseSchema() {}

    /**
     * Applies what is missing and returns the number of migrations applied; does nothing on a database that is current.
     * Safe to call from several processes at once: one migrates, the others wait. A migration that cannot have a table to
     * itself within a second is rolled back and tried again, for about two minutes: what writes and reads beside it never
     * waits longer than that second.
     *
     * @throws FlywayException if a migration fails or the database is newer than this build
     */
    public static int migrate(DataSource database) {
        int applied = applied(database, 1);
        Hypertables.createWhereTimescaleIsInstalled(database);
        TenantWall.raise(database);
        return applied;
    }

    private static int applied(DataSource database, int attempt) {
        try {
            return Flyway.configure(DatabaseSchema.class.getClassLoader())
                    .dataSource(BriefLocks.of(database, LOCK_WAIT))
                    .locations("classpath:db/migration")
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
