package dev.heliograph.ingest.intake;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of senders, over all transports, for each instance of the gateway. A rate of 0 means no limit.
 *
 * @param deviceMessagesPerSecond messages of one device
 * @param deviceMeasurementsPerSecond samples of one device
 * @param deviceBytesPerSecond payload bytes of one device
 * @param tenantMessagesPerSecond messages of all devices of one tenant
 * @param tenantMeasurementsPerSecond samples of all devices of one tenant
 * @param tenantBytesPerSecond payload bytes of all devices of one tenant
 * @param tenantSeries most distinct series (device and metric) that one tenant reports to this instance
 * @param instanceMessagesPerSecond messages of all; past it each tenant keeps an equal part
 * @param instanceMeasurementsPerSecond samples of all
 * @param instanceBytesPerSecond payload bytes of all
 * @param historyMeasurementsPerSecond samples of all devices that bring history: what is left of the platform is for live data
 * @param burst how long a sender may save up: after a pause, this many seconds of its rate may come at once
 */
@Validated
@ConfigurationProperties("heliograph.ingest.limits")
public record LimitSettings(
        @Min(0) @DefaultValue("100") long deviceMessagesPerSecond,
        @Min(0) @DefaultValue("100000") long deviceMeasurementsPerSecond,
        @Min(0) @DefaultValue("4194304") long deviceBytesPerSecond,
        @Min(0) @DefaultValue("50000") long tenantMessagesPerSecond,
        @Min(0) @DefaultValue("1000000") long tenantMeasurementsPerSecond,
        @Min(0) @DefaultValue("134217728") long tenantBytesPerSecond,
        @Min(1) @DefaultValue("1000000") int tenantSeries,
        @Min(0) @DefaultValue("0") long instanceMessagesPerSecond,
        @Min(0) @DefaultValue("0") long instanceMeasurementsPerSecond,
        @Min(0) @DefaultValue("0") long instanceBytesPerSecond,
        @Min(0) @DefaultValue("10000") long historyMeasurementsPerSecond,

        @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 10) @DefaultValue("5s")
        Duration burst) {
    private static final double MILLIS_PER_SECOND = 1_000;

    Rates device() {
        return new Rates(deviceMessagesPerSecond, deviceMeasurementsPerSecond, deviceBytesPerSecond);
    }

    Rates tenant() {
        return new Rates(tenantMessagesPerSecond, tenantMeasurementsPerSecond, tenantBytesPerSecond);
    }

    Rates instance() {
        return new Rates(instanceMessagesPerSecond, instanceMeasurementsPerSecond, instanceBytesPerSecond);
    }

    Rates history() {
        return new Rates(0, historyMeasurementsPerSecond, 0);
    }

    double burstSeconds() {
        return burst.toMillis() / MILLIS_PER_SECOND;
    }
}
