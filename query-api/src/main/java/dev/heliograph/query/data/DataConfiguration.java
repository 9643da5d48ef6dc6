package dev.heliograph.query.data;

import dev.heliograph.query.database.Heavy;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.web.LimitSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Wires range queries. */
@Configuration(proxyBeanMethods = false)
@Import(DataController.class)
public class DataConfiguration {
    @Bean
    JdbcData jdbcData(@Heavy JdbcClient heavy, @Heavy DataSource database) {
        return new JdbcData(heavy, new StreamedRows(database));
    }

    @Bean
    DeviceSelection deviceSelection(JdbcClient interactive, JsonMapper json) {
        return new JdbcDeviceSelection(interactive, json);
    }

    @Bean
    RetentionTimes retentionTimes(JdbcClient interactive, Clock clock) {
        return new JdbcRetentionTimes(interactive, clock);
    }

    @Bean
    DataQueries dataQueries(
            DeviceSelection selection,
            JdbcData data,
            Pages pages,
            DataThrough through,
            RetentionTimes retention,
            LimitSettings limits) {
        return new DataQueries(data, new SeriesPages(selection, data, pages, limits), through, retention, limits);
    }

    @Bean
    DataResponses dataResponses(
            JdbcData data, LimitSettings limits, JsonMapper json, Clock clock, MeterRegistry meters) {
        return new DataResponses(new QueryRunner(data, limits), new Bulkhead(limits), limits, json, clock, meters);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> clientProbes() {
        return factory -> factory.addEngineValves(new ClientProbeValve());
    }
}
