package dev.heliograph.query.data;

import dev.heliograph.query.database.Heavy;
import dev.heliograph.query.web.LimitSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires range queries. */
@Configuration(proxyBeanMethods = false)
@Import(DataController.class)
public class DataConfiguration {
    @Bean
    RangeQueries rangeQueries(@Heavy JdbcClient heavy, DataThrough through, LimitSettings limits) {
        return new RangeQueries(new JdbcData(heavy), through, limits);
    }
}
