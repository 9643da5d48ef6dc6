package dev.heliograph.model.alert;

import dev.heliograph.model.id.MetricName;

/** What comes out of {@link DeviceAlerts}. */
public interface AlertEvents {
    /** A transition to publish. */
    void transition(AlertTransition transition);

    /** A sample that is not newer than the newest one evaluated: alerts look forward only, so it was left out. */
    void outOfOrder(MetricName metric, long timeMicros);
}
