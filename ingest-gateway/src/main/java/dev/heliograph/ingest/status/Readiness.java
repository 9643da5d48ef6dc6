package dev.heliograph.ingest.status;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether devices should be sent here. An outage of Kafka after the start is no reason to turn them away: the other
 * gateways would have the same, and what a device holds is safe. Thread-safe.
 */
public final class Readiness {
    private final BooleanSupplier kafkaReached;
    private final BooleanSupplier devicesKnown;
    private volatile boolean draining;

    /**
     * Readiness of these parts.
     *
     * @param kafkaReached whether the topics were found as configured
     * @param devicesKnown whether the device table is complete
     */
    public Readiness(BooleanSupplier kafkaReached, BooleanSupplier devicesKnown) {
        this.kafkaReached = kafkaReached;
        this.devicesKnown = devicesKnown;
    }

    /** From now on the gateway is shutting down. */
    public void drain() {
        draining = true;
    }

    public boolean isReady() {
        return whyNot() == null;
    }

    /** What is missing, in words; null when nothing is. */
    public @Nullable String whyNot() {
        if (draining) {
            return "shutting down";
        }
        if (!kafkaReached.getAsBoolean()) {
            return "Kafka has not been reached yet";
        }
        return devicesKnown.getAsBoolean() ? null : "the device table is not complete yet";
    }
}
