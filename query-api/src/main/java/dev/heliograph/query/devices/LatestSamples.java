package dev.heliograph.query.devices;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest sample of each metric of a device, each with its times: an old value never looks new.
 *
 * @param at when this was answered
 */
public record LatestSamples(String device, Instant at, List<Sample> samples, Device.Presence presence) {
    /**
     * The newest sample of one metric.
     *
     * @param value the number; null for a state
     * @param text the state; null for a number
     * @param time when it was measured, by the device's clock
     * @param receivedAt when the platform received it
     * @param storedAt when it was stored
     * @param silent whether the metric has stopped while others of the device go on, by its own learned interval
     * @param ageSeconds from {@code time} to the answer; below zero where the device's clock is ahead
     */
    public record Sample(
            String metric,
            @Nullable String unit,
            String kind,
            @Nullable Double value,
            @Nullable String text,
            Instant time,
            Instant receivedAt,
            Instant storedAt,
            boolean silent,
            double ageSeconds) {}
}
