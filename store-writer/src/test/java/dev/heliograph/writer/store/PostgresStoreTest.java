package dev.heliograph.writer.store;

import dev.heliograph.storage.TestDatabase;
import javax.sql.DataSource;

/** The contract of the store on plain PostgreSQL. */
class PostgresStoreTest extends StoreContract {
    @Override
    DataSource database() {
        return TestDatabase.postgres();
    }
}
