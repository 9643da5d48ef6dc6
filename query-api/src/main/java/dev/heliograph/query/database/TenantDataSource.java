package dev.heliograph.query.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.storage.TenantWall;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Hands out connections that have told the database whose rows they may see: those of the tenant of the caller whose request
 * this thread answers, and nobody's on every other thread. The database keeps the wall, also where a statement forgets to
 * name the tenant. A connection that goes to the same tenant again is not told again.
 */
final class TenantDataSource extends DelegatingDataSource implements AutoCloseable {
    private static final String TELL = "SELECT set_config('" + TenantWall.SETTING + "', ?, false)";
    private static final String NOBODY = "";

    private final HikariDataSource pool;
    private final Supplier<Optional<String>> caller;
    // By the physical connection, which the pool keeps.
    private final Map<PGConnection, String> told = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param caller the tenant of the current thread's request */
    TenantDataSource(HikariDataSource pool, Supplier<Optional<String>> caller) {
        super(pool);
        this.pool = pool;
        this.caller = caller;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        try {
            tell(connection, caller.get().orElse(NOBODY));
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private void tell(Connection connection, String tenant) throws SQLException {
        PGConnection physical = connection.unwrap(PGConnection.class);
        if (tenant.equals(told.get(physical))) {
            return;
        }
        if (!connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "told within a transaction, a connection forgets its tenant when that is rolled back");
        }
        told.remove(physical);
        try (PreparedStatement statement = connection.prepareStatement(TELL)) {
            statement.setString(1, tenant);
            statement.execute();
        }
        told.put(physical, tenant);
    }
}
