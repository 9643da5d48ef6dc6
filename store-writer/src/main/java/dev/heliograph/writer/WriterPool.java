package dev.heliograph.writer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;

/**
 * The writer's connections. They end by themselves on both sides: here by the timeouts of the driver, and in the server by
 * settings of the session, because a process that stands still (SIGSTOP, a paused virtual machine) keeps its sockets, and with
 * them the locks of its open transaction, for as long as it stands.
 */
final class WriterPool {
    private WriterPool() {}

    static HikariDataSource of(WriterSettings settings, DatabaseAccess access) {
        WriterSettings.Database times = settings.database();
        HikariConfig config = new HikariConfig();
        config.setPoolName("heliograph-writer");
        config.setJdbcUrl(access.url());
        config.setUsername(access.username());
        config.setPassword(access.password());
        // One connection a thread, one for migration and retention, one for what live viewers are told.
        config.setMaximumPoolSize(settings.threads() + 2);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(times.acquireTimeout().toMillis());
        config.setMaxLifetime(times.maxLifetime().toMillis());
        config.setIdleTimeout(times.maxLifetime().toMillis() / 2);
        config.addDataSourceProperty("ApplicationName", "heliograph-writer");
        config.addDataSourceProperty(
                "connectTimeout", Long.toString(times.connectTimeout().toSeconds()));
        config.addDataSourceProperty(
                "socketTimeout", Long.toString(times.socketTimeout().toSeconds()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("options", sessionSettings(times.socketTimeout()));
        return new HikariDataSource(config);
    }

    /**
     * As defaults of the session, so that RESET leads back to them. A successor waits for the rows of the offsets no longer
     * than the driver waits for an answer, so that the server is not left with ever more sessions that wait for nobody; and
     * the server ends a transaction in which nothing happens for that long.
     */
    private static String sessionSettings(Duration socketTimeout) {
        long millis = socketTimeout.toMillis();
        return "-c lock_timeout=" + millis * 2 / 3 + " -c idle_in_transaction_session_timeout=" + millis;
    }
}
