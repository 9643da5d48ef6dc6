package dev.heliograph.ingest.replay;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The door by which the API has quarantined messages taken again.
 *
 * @param secret what the API must present, at least 16 characters; without one the door does not exist
 * @param acknowledgeTimeout how long a message may wait for Kafka before it is told as failed
 */
@Validated
@ConfigurationProperties("heliograph.ingest.replay")
public record ReplaySettings(
        @Nullable String secret,

        @NotNull @DurationMin(millis = 100) @DefaultValue("15s")
        Duration acknowledgeTimeout) {
    private static final int SHORTEST_SECRET = 16;

    /** Refuses a secret that could be guessed. */
    public ReplaySettings {
        secret = secret == null || secret.isBlank() ? null : secret.strip();
        if (secret != null && secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "heliograph.ingest.replay.secret must have at least " + SHORTEST_SECRET + " characters");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ReplaySettings[secret=" + (secret == null ? "none" : "...") + ", acknowledgeTimeout="
                + acknowledgeTimeout + "]";
    }
}
