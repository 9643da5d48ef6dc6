package dev.heliograph.query.database;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Connections to the store. Range queries have their own pool, so that they never hold up lists and changes.
 *
 * @param interactiveConnections most connections for lists, details and changes
 * @param interactiveTimeout longest statement there
 * @param heavyConnections most connections for range queries
 * @param heavyTimeout longest statement there
 * @param connectionWait longest wait for a free connection
 * @param migrate whether this service brings the schema up to date itself; otherwise it waits for it
 */
@Validated
@ConfigurationProperties("heliograph.query.database")
public record PoolSettings(
        @Min(1) @DefaultValue("8") int interactiveConnections,
        @DefaultValue("3s") Duration interactiveTimeout,
        @Min(1) @DefaultValue("6") int heavyConnections,
        @DefaultValue("10s") Duration heavyTimeout,
        @DefaultValue("2s") Duration connectionWait,
        @DefaultValue("false") boolean migrate) {}
