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
 * @param pageRows most rows that one request of a replay by filter takes
 * @param pageTime how long such a request begins with further rows; it ends with what it has begun
 */
@ConfigurationProperties("heliograph.query.replay")
public record ReplaySettings(
        @Nullable URI gatewayUrl,
        @Nullable String secret,
        @DefaultValue("20s") Duration timeout,
        @DefaultValue("500") int pageRows,
        @DefaultValue("10s") Duration pageTime) {
    private static final int MOST_PAGE_ROWS = 10_000;

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
        if (pageRows < 1 || pageRows > MOST_PAGE_ROWS) {
            throw new IllegalArgumentException(
                    "heliograph.query.replay.page-rows must be 1 to " + MOST_PAGE_ROWS + ", was " + pageRows);
        }
        if (!pageTime.isPositive()) {
            throw new IllegalArgumentException("heliograph.query.replay.page-time must be positive, was " + pageTime);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ReplaySettings[gatewayUrl=" + gatewayUrl + ", timeout=" + timeout + "]";
    }
}
