package dev.heliograph.query.data;

import dev.heliograph.query.data.DeviceSelection.Selected;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored series.
 *
 * @param id its number in the store; 0 where the device has never reported the metric
 * @param newestReceived when its newest sample was received
 */
record StoredSeries(
        int id,
        Selected device,
        String metric,
        @Nullable String unit,
        String kind,
        @Nullable Instant newestReceived) {
    boolean isState() {
        return kind.equals("state");
    }
}
