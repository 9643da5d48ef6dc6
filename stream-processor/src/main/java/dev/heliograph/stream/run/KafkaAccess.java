package dev.heliograph.stream.run;

import dev.heliograph.connections.kafka.KafkaTls;
import jakarta.validation.constraints.NotBlank;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka is; shared by all services.
 *
 * @param bootstrapServers comma-separated {@code host:port} of some brokers
 * @param properties further properties of every client by Kafka's own names, such as {@code security.protocol}
 */
@Validated
@ConfigurationProperties("heliograph.kafka")
public record KafkaAccess(
        @NotBlank @DefaultValue("localhost:9092") String bootstrapServers,
        @DefaultValue Map<String, String> properties) {
    public KafkaAccess {
        properties = KafkaTls.complete(properties);
    }

    /** What every client needs to know. */
    Map<String, Object> clientProperties() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }
}
