package dev.heliograph.writer;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Readiness of the writer: out of service while it waits for the database or for Kafka, with the reason. */
final class WriterHealthIndicator implements HealthIndicator {
    private final Writer writer;
    private final boolean enabled;

    WriterHealthIndicator(Writer writer, boolean enabled) {
        this.writer = writer;
        this.enabled = enabled;
    }

    @Override
    public Health health() {
        if (!enabled) {
            return Health.up().withDetail("enabled", false).build();
        }
        Health.Builder health = writer.isReady() ? Health.up() : Health.outOfService();
        return health.withDetail("lagRecords", writer.metrics().lagRecords())
                .withDetail("lagSeconds", writer.metrics().lagSeconds())
                .withDetail("waitingFor", writer.metrics().outage())
                .build();
    }
}
