package dev.heliograph.query.quarantine;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where quarantined messages are taken again.
 *
 * @param gatewayUrl address of the ingest gateway's HTTP port, such as {@code http://gateway:8081}; none: no replay
 * @param secret what the gateway asks for ({@code heliograph.ingest.replay.secret})
 * @param timeout longest wait for its answer; longer than the gateway waits for Kafka
 */
@ConfigurationProperties("heliograph.query.replay")
public record ReplaySettings(
        @Nullable URI gatewayUrl,
        @Nullable String secret,
        @DefaultValue("20s") Duration timeout) {
    /** @throws IllegalArgumentException if there is an address and no secret */
    public ReplaySettings {
        if (gatewayUrl != null && gatewayUrl.toString().isBlank()) {
            gatewayUrl = null;
        }
        if (gatewayUrl != null && (secret == null || secret.isBlank())) {
            throw new IllegalArgumentException("heliograph.query.replay.secret must be given with gateway-url");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("heliograph.query.replay.timeout must be positive, was " + timeout);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ReplaySettings[gatewayUrl=" + gatewayUrl + ", timeout=" + timeout + "]";
    }
}
