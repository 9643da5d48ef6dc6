package dev.heliograph.query.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the ledger is read.
 *
 * @param inFlightBound how long what is owed may count as in flight where the writer's position does not tell; beyond, it is
 *     missing. The writer has the same setting
 * @param maxRange longest range of one question
 */
@ConfigurationProperties("heliograph.query.ledger")
public record LedgerSettings(
        @DefaultValue("1h") Duration inFlightBound,
        @DefaultValue("31d") Duration maxRange) {
    /** @throws IllegalArgumentException naming the setting that is out of its range */
    public LedgerSettings {
        if (!inFlightBound.isPositive() || maxRange.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException(
                    "heliograph.query.ledger.in-flight-bound must be positive and max-range at" + " least 1 min, were "
                            + inFlightBound + " and " + maxRange);
        }
    }
}
