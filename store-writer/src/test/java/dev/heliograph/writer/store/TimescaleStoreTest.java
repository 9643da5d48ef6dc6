package dev.heliograph.writer.store;

import dev.heliograph.storage.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of the store on TimescaleDB. */
@EnabledIfSystemProperty(
        named = "heliograph.test.timescale.url",
        matches = "jdbc:.+",
        disabledReason = "no TimescaleDB: start one with .ci/timescaledb and pass -Dheliograph.test.timescale.url")
class TimescaleStoreTest extends StoreContract {
    @Override
    DataSource database() {
        return TestDatabase.timescale().orElseThrow();
    }
}
