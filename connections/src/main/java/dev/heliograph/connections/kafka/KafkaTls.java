package dev.heliograph.connections.kafka;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SslConfigs;

/** Completes the properties of clients of Kafka whose connections are encrypted. */
public final class KafkaTls {
    private KafkaTls() {}

    /**
     * The properties as they are, and {@link RenewingSslEngineFactory} where they ask for encryption and name no other
     * factory.
     */
    public static Map<String, String> complete(Map<String, String> properties) {
        String protocol = properties.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "");
        if (!protocol.toUpperCase(Locale.ROOT).endsWith("SSL")
                || properties.containsKey(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG)) {
            return Map.copyOf(properties);
        }
        Map<String, String> all = new HashMap<>(properties);
        all.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RenewingSslEngineFactory.class.getName());
        return Map.copyOf(all);
    }
}
