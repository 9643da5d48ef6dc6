package dev.heliograph.query.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.query.security.Callers;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The two pools. Neither needs the database to be there when the service starts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DatabaseSettings.class, PoolSettings.class})
@Import({StoreState.class, StoreHealth.class})
public class DatabaseConfiguration {
    // A plan without the values at hand would neither know how many series are asked for, nor which chunks hold the
    // range, nor how many devices have what is looked for.
    private static final String BY_VALUES = "; SET plan_cache_mode = force_custom_plan";
    // The memory is for one sort or grouping, before the database takes to its disk.
    private static final String RANGES = "; SET work_mem = '32MB'; SET default_transaction_read_only = on";
    private static final Duration LEAST_HIKARI_WAIT = Duration.ofMillis(250);

    @Bean
    @Primary
    DataSource interactive(DatabaseSettings database, PoolSettings pools) {
        return pool("interactive", database, pools, pools.interactiveConnections(), pools.interactiveTimeout(), false);
    }

    @Bean
    @Heavy
    DataSource heavy(DatabaseSettings database, PoolSettings pools) {
        return pool("heavy", database, pools, pools.heavyConnections(), pools.heavyTimeout(), true);
    }

    @Bean
    @Primary
    JdbcClient interactiveClient(DataSource interactive) {
        return JdbcClient.create(interactive);
    }

    @Bean
    @Heavy
    JdbcClient heavyClient(@Heavy DataSource heavy) {
        return JdbcClient.create(heavy);
    }

    @Bean
    TransactionTemplate transactions(DataSource interactive) {
        return new TransactionTemplate(new JdbcTransactionManager(interactive));
    }

    private static TenantDataSource pool(
            String name,
            DatabaseSettings database,
            PoolSettings pools,
            int connections,
            Duration statementTimeout,
            boolean readOnly) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("query-" + name);
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setReadOnly(readOnly);
        // A database that is away must not keep the service from starting; StoreState tells when it is there.
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(
                Math.max(LEAST_HIKARI_WAIT.toMillis(), pools.connectionWait().toMillis()));
        config.addDataSourceProperty("ApplicationName", "heliograph-query-api");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty(
                "socketTimeout", statementTimeout.plusSeconds(20).toSeconds());
        config.addDataSourceProperty("connectTimeout", 5);
        config.setConnectionInitSql("SET statement_timeout = " + statementTimeout.toMillis()
                + "; SET idle_in_transaction_session_timeout = 30000; SET lock_timeout = 2000; SET timezone = 'UTC'"
                + BY_VALUES
                + (readOnly ? RANGES : ""));
        if (readOnly) {
            // Numbers and times come as bytes rather than as text, from the first execution on.
            config.addDataSourceProperty("prepareThreshold", "-1");
        }
        return new TenantDataSource(new HikariDataSource(config), Callers::tenant);
    }
}
