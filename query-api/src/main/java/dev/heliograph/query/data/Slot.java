package dev.heliograph.query.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One series of the answer and the stored series that it is made of.
 *
 * @param index its place in the answer
 * @param device whose it is; null of a group
 * @param group values of the keys that were grouped by; empty without
 * @param others whether it is the rest behind the largest groups
 */
record Slot(
        int index,
        @Nullable String device,
        Map<String, @Nullable String> group,
        boolean others,
        String metric,
        @Nullable String unit,
        String kind,
        List<StoredSeries> series) {
    boolean isState() {
        return kind.equals("state");
    }

    Slot at(int place) {
        return new Slot(place, device, group, others, metric, unit, kind, series);
    }
}
