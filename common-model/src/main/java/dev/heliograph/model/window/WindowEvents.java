package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;

/** What comes out of {@link DeviceWindows}. */
public interface WindowEvents {
    /** A result to publish. */
    void result(WindowResult result);

    /**
     * A sample whose identity (series and time) was there already; it was not counted again.
     *
     * @param conflicting whether its value differs from the first one, which stays
     */
    void duplicate(MetricName metric, long timeMicros, boolean conflicting);

    /** A series had more samples in a minute than are kept; its windows of that minute go to repair. */
    void overflow(MetricName metric, long minuteStartMicros);
}
