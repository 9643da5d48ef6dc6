package dev.heliograph.model.id;

/** One metric of one device: what a line of a chart shows. */
public record SeriesKey(DeviceKey device, MetricName metric) {
    /** {@code tenant/device/metric}. */
    @Override
    public String toString() {
        return device + "/" + metric.value();
    }
}
