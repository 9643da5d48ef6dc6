package dev.heliograph.storage;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this build. */
public final class DatabaseSchema {
    private DatabaseSchema() {}

    /**
     * Applies what is missing and returns the number of migrations applied; does nothing on a database that is current.
     * Safe to call from several processes at once: one migrates, the others wait.
     *
     * @throws org.flywaydb.core.api.FlywayException if a migration fails or the database is newer than this build
     */
    public static int migrate(DataSource database) {
        int applied = Flyway.configure(DatabaseSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .load()
                .migrate()
                .migrationsExecuted;
        Hypertables.createWhereTimescaleIsInstalled(database);
        return applied;
    }
}
