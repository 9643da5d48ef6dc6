package dev.heliograph.query.rate;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many requests an instance takes; a stream is one request.
 *
 * @param userPerSecond requests of one user (subject of the token) a second in the long run
 * @param userBurst requests of one user at once
 * @param tenantPerSecond requests of all users of a tenant a second in the long run
 * @param tenantBurst requests of all users of a tenant at once
 * @param maxBuckets users, and tenants, whose standing is remembered
 */
@Validated
@ConfigurationProperties("heliograph.query.rate")
public record RateSettings(
        @Positive @DefaultValue("50") double userPerSecond,
        @Min(1) @DefaultValue("500") int userBurst,
        @Positive @DefaultValue("250") double tenantPerSecond,
        @Min(1) @DefaultValue("2500") int tenantBurst,
        @Min(100) @DefaultValue("10000") int maxBuckets) {}
