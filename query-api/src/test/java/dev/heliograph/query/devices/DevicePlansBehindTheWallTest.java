package dev.heliograph.query.devices;

import dev.heliograph.storage.TestDatabase;
import javax.sql.DataSource;

/** The wall between tenants takes no index away. */
class DevicePlansBehindTheWallTest extends DevicePlansTest {
    @Override
    DataSource entering(DataSource owner) {
        return TestDatabase.asQueryRole(owner);
    }
}
