package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The message rate of each device, over all its connections and transports of this instance: reconnecting wins nothing.
 * Bounded by the number of registered devices. Thread-safe.
 */
public final class DeviceRates {
    private final int messagesPerSecond;
    private final int burst;
    private final LongSupplier nanoTime;
    private final ConcurrentMap<DeviceKey, TokenBucket> buckets = new ConcurrentHashMap<>();

    /**
     * Rates.
     *
     * @param messagesPerSecond sustained rate of a device; 0 for no limit
     * @param burst messages that a device may send at once after a pause
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public DeviceRates(int messagesPerSecond, int burst, LongSupplier nanoTime) {
        this.messagesPerSecond = messagesPerSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
    }

    /** The bucket of a device. */
    public TokenBucket of(DeviceKey device) {
        return buckets.computeIfAbsent(
                device, fresh -> new TokenBucket(messagesPerSecond, burst, nanoTime.getAsLong()));
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        buckets.remove(device);
    }

    /** The limit, for the words of a refusal. */
    public int messagesPerSecond() {
        return messagesPerSecond;
    }
}
