package dev.heliograph.query.idempotency;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How requests with a key are remembered.
 *
 * @param keptFor how long a key stands for its request
 * @param maxKeys most keys of one tenant at a time
 * @param sweepEvery how often older ones are deleted
 */
@Validated
@ConfigurationProperties("heliograph.query.idempotency")
public record IdempotencySettings(
        @DefaultValue("24h") Duration keptFor,
        @Min(1) @DefaultValue("10000") int maxKeys,
        @DefaultValue("10m") Duration sweepEvery) {}
