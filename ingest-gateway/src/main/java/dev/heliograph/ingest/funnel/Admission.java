package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;

/** What the funnel must ask the rest of the gateway. Both answers come from memory: the funnel waits for nothing. */
public interface Admission {

    /** Admits every device and every metric; for tests and measurements. */
    Admission ALL = new Admission() {
        @Override
        public boolean knows(DeviceKey device) {
            return true;
        }

        @Override
        public boolean admits(DeviceKey device, MetricName metric) {
            return true;
        }
    };

    /** Whether the device is registered and enabled. */
    boolean knows(DeviceKey device);

    /** Whether the device may report this metric, counting it against the device's budget of distinct metrics if it is new. */
    boolean admits(DeviceKey device, MetricName metric);
}
