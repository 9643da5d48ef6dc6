package dev.heliograph.query.kafka;

import dev.heliograph.connections.kafka.KafkaTls;
import jakarta.validation.constraints.NotBlank;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka is. Shared by name with the other services.
 *
 * @param bootstrapServers addresses, comma-separated
 * @param properties further properties of every client, such as those of TLS and SASL
 */
@Validated
@ConfigurationProperties("heliograph.kafka")
public record KafkaSettings(
        @NotBlank @DefaultValue("localhost:9092") String bootstrapServers,
        @DefaultValue Map<String, String> properties) {
    public KafkaSettings {
        properties = KafkaTls.complete(properties);
    }

    /** Properties of a client with this id. */
    public Map<String, Object> client(String id) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        all.put("client.id", id);
        // A broker that is away for minutes must not cost a connection attempt every 50 ms.
        all.put("reconnect.backoff.ms", "200");
        all.put("reconnect.backoff.max.ms", "2000");
        return all;
    }
}
