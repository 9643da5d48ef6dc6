package dev.heliograph.ingest.intake;

import dev.heliograph.ingest.funnel.Admission.Verdict;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Sample;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which distinct metrics each device has reported to this instance since it started, and what they last were: a number (in
 * which unit), a boolean or a text; and how many series that makes for each tenant. Bounded by the smaller of the two
 * budgets. Thread-safe.
 */
public final class MetricBudget {
    private static final Object NUMBER = new Object();
    private static final Object BOOLEAN = new Object();
    private static final Object TEXT = new Object();
    /** Of a metric that was only in history so far. */
    private static final Object NOT_KNOWN = new Object();

    private final int maxMetricsPerDevice;
    private final ConcurrentMap<DeviceKey, Map<MetricName, Object>> reported = new ConcurrentHashMap<>();
    private final int maxSeriesPerTenant;
    private final ConcurrentMap<TenantId, AtomicInteger> series = new ConcurrentHashMap<>();

    /**
     * An empty budget.
     *
     * @param maxMetricsPerDevice most distinct metrics of one device
     * @param maxSeriesPerTenant most distinct series of one tenant: device and metric
     */
    public MetricBudget(int maxMetricsPerDevice, int maxSeriesPerTenant) {
        this.maxMetricsPerDevice = maxMetricsPerDevice;
        this.maxSeriesPerTenant = maxSeriesPerTenant;
    }

    /** Whether the device may report the sample; counts its metric if it is new and remembers its nature. */
    public Verdict admits(DeviceKey device, Sample sample) {
        Map<MetricName, Object> metrics = reported.computeIfAbsent(device, fresh -> new HashMap<>());
        Object nature = nature(sample);
        synchronized (metrics) {
            Object former = metrics.get(sample.metric());
            if (former == null) {
                if (metrics.size() >= maxMetricsPerDevice || !hasRoom(device.tenant())) {
                    return Verdict.REFUSED;
                }
                metrics.put(sample.metric(), nature);
                return Verdict.ADMITTED;
            }
            // A number without a unit says nothing against the unit that was known.
            if (former.equals(nature) || nature == NUMBER && former instanceof String) {
                return Verdict.ADMITTED;
            }
            metrics.put(sample.metric(), nature);
            boolean isNews = former != NOT_KNOWN && !(former == NUMBER && nature instanceof String);
            return isNews ? Verdict.CHANGED : Verdict.ADMITTED;
        }
    }

    /** Whether the device may bring the sample as history; counts its metric if it is new, and remembers nothing else. */
    public boolean admitsHistory(DeviceKey device, Sample sample) {
        Map<MetricName, Object> metrics = reported.computeIfAbsent(device, fresh -> new HashMap<>());
        synchronized (metrics) {
            if (metrics.containsKey(sample.metric())) {
                return true;
            }
            if (metrics.size() >= maxMetricsPerDevice || !hasRoom(device.tenant())) {
                return false;
            }
            metrics.put(sample.metric(), NOT_KNOWN);
            return true;
        }
    }

    /** What {@link #admits} would say, without counting or remembering. */
    public Verdict wouldAdmit(DeviceKey device, Sample sample) {
        Map<MetricName, Object> metrics = reported.get(device);
        if (metrics == null) {
            return Verdict.ADMITTED;
        }
        synchronized (metrics) {
            return metrics.containsKey(sample.metric()) || metrics.size() < maxMetricsPerDevice
                    ? Verdict.ADMITTED
                    : Verdict.REFUSED;
        }
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        Map<MetricName, Object> metrics = reported.remove(device);
        if (metrics != null) {
            synchronized (metrics) {
                ofTenant(device.tenant()).addAndGet(-metrics.size());
            }
        }
    }

    private boolean hasRoom(TenantId tenant) {
        AtomicInteger count = ofTenant(tenant);
        if (count.incrementAndGet() <= maxSeriesPerTenant) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    private AtomicInteger ofTenant(TenantId tenant) {
        return series.computeIfAbsent(tenant, fresh -> new AtomicInteger());
    }

    /** The unit of a number where it is known, else the kind. */
    private static Object nature(Sample sample) {
        return switch (sample) {
            case Sample.Measurement number -> number.unit() == null ? NUMBER : number.unit();
            case Sample.Flag flag -> BOOLEAN;
            case Sample.State state -> TEXT;
        };
    }
}
