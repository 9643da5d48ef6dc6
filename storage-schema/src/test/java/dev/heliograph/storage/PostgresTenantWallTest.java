package dev.heliograph.storage;

import javax.sql.DataSource;

class PostgresTenantWallTest extends TenantWallContract {
    @Override
    DataSource database() {
        return TestDatabase.postgres();
    }
}
