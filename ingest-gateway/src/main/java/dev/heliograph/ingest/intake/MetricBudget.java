package dev.heliograph.ingest.intake;

import dev.heliograph.ingest.funnel.Admission.Verdict;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Which distinct metrics each device has reported to this instance since it started, and what they last were: a number (in
 * which unit), a boolean or a text. Bounded by the number of registered devices times the budget. Thread-safe.
 */
public final class MetricBudget {
    private static final Object NUMBER = new Object();
    private static final Object BOOLEAN = new Object();
    private static final Object TEXT = new Object();

    private final int maxMetricsPerDevice;
    private final ConcurrentMap<DeviceKey, Map<MetricName, Object>> reported = new ConcurrentHashMap<>();

    /** @param maxMetricsPerDevice most distinct metrics of one device */
    public MetricBudget(int maxMetricsPerDevice) {
        this.maxMetricsPerDevice = maxMetricsPerDevice;
    }

    /** Whether the device may report the sample; counts its metric if it is new and remembers its nature. */
    public Verdict admits(DeviceKey device, Sample sample) {
        Map<MetricName, Object> metrics = reported.computeIfAbsent(device, fresh -> new HashMap<>());
        Object nature = nature(sample);
        synchronized (metrics) {
            Object former = metrics.get(sample.metric());
            if (former == null) {
                if (metrics.size() >= maxMetricsPerDevice) {
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
            return former == NUMBER && nature instanceof String ? Verdict.ADMITTED : Verdict.CHANGED;
        }
    }

    /** Forgets a device that is no longer registered. */
    public void forget(DeviceKey device) {
        reported.remove(device);
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
