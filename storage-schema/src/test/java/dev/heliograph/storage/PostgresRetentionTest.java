package dev.heliograph.storage;

import javax.sql.DataSource;

/** Retention by rows. */
class PostgresRetentionTest extends RetentionContract {
    @Override
    DataSource database() {
        return TestDatabase.postgres();
    }
}
