package dev.heliograph.query;

import dev.heliograph.connections.NameLookups;
import dev.heliograph.query.alerts.AlertsConfiguration;
import dev.heliograph.query.data.DataConfiguration;
import dev.heliograph.query.devices.DevicesConfiguration;
import dev.heliograph.query.docs.DocsConfiguration;
import dev.heliograph.query.fleet.FleetConfiguration;
import dev.heliograph.query.history.HistoryConfiguration;
import dev.heliograph.query.ledger.LedgerConfiguration;
import dev.heliograph.query.me.MeConfiguration;
import dev.heliograph.query.metrics.MetricsConfiguration;
import dev.heliograph.query.quarantine.QuarantineConfiguration;
import dev.heliograph.query.rules.RulesConfiguration;
import dev.heliograph.query.stream.StreamConfiguration;
import dev.heliograph.query.system.SystemConfiguration;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The service: REST and server-sent events over the store and the live topics. */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({
    PlatformConfiguration.class,
    QueryConfiguration.class,
    AlertsConfiguration.class,
    DataConfiguration.class,
    DevicesConfiguration.class,
    DocsConfiguration.class,
    FleetConfiguration.class,
    HistoryConfiguration.class,
    LedgerConfiguration.class,
    MeConfiguration.class,
    MetricsConfiguration.class,
    QuarantineConfiguration.class,
    RulesConfiguration.class,
    StreamConfiguration.class,
    SystemConfiguration.class
})
public class QueryApiApplication {
    /** Starts the service with {@code query-api.yaml}, the environment and these arguments. */
    public static void main(String[] args) {
        NameLookups.followMoves();
        builder().run(args);
    }

    /** The application as {@link #main} starts it, for whoever runs several services in one process. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(QueryApiApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties(Map.of("spring.config.name", "query-api"));
    }
}
