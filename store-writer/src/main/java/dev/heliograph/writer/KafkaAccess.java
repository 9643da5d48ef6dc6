package dev.heliograph.writer;

import dev.heliograph.connections.kafka.KafkaTls;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Kafka is.
 *
 * @param bootstrapServers addresses of the brokers
 * @param properties further properties of every client, such as those of security
 */
@ConfigurationProperties("heliograph.kafka")
public record KafkaAccess(
        @DefaultValue("localhost:9092") String bootstrapServers,
        @DefaultValue Map<String, String> properties) {
    /** @throws IllegalArgumentException if there is no address */
    public KafkaAccess {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("heliograph.kafka.bootstrap-servers must be given");
        }
        properties = KafkaTls.complete(properties);
    }

    /** Properties of any client. */
    Map<String, Object> client() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return all;
    }
}
