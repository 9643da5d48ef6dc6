package dev.heliograph.ingest.http;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The HTTP door; its port is {@code server.port}.
 *
 * @param enabled whether it is open
 * @param acknowledgeTimeout how long a request waits for Kafka before it is answered 503
 */
@Validated
@ConfigurationProperties("heliograph.ingest.http")
public record HttpSettings(
        @DefaultValue("true") boolean enabled,

        @NotNull @DurationMin(millis = 100) @DefaultValue("30s")
        Duration acknowledgeTimeout) {}
