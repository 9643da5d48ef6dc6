package dev.heliograph.ingest.intake;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many distinct metrics each device has reported to this instance since it started. Bounded by the number of
 * registered devices times the budget. Thread-safe.
 */
public final class MetricBudget {
    private final int maxMetricsPerDevice;
    private final ConcurrentMap<DeviceKey, Set<MetricName>> reported = new ConcurrentHashMap<>();

    /** @param maxMetricsPerDevice most distinct metrics of one device */
    public MetricBudget(int maxMetricsPerDevice) {
        this.maxMetricsPerDevice = maxMetricsPerDevice;
    }

    /** Whether the device may report the metric; counts it if it is new. */
    public boolean admits(DeviceKey device, MetricName metric) {
        Set<MetricName> metrics = reported.computeIfAbsent(device, fresh -> new HashSet<>());
        synchronized (metrics) {
            return metrics.contains(metric) || metrics.size() < maxMetricsPerDevice && metrics.add(metric);
        }
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        reported.remove(device);
    }
}
