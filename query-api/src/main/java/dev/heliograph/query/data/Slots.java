package dev.heliograph.query.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts stored series into the series of an answer. */
final class Slots {
    private Slots() {}

    /** Each on its own. */
    static List<Slot> each(List<StoredSeries> series) {
        List<Slot> slots = new ArrayList<>(series.size());
        for (StoredSeries one : series) {
            slots.add(new Slot(
                    slots.size(),
                    one.device().id(),
                    Map.of(),
                    false,
                    one.metric(),
                    one.unit(),
                    one.kind(),
                    List.of(one)));
        }
        return slots;
    }

    /** Those of the same keys, metric and kind together, ordered by them; what lacks a key comes first. */
    static List<Slot> grouped(List<StoredSeries> series, List<GroupKey> keys) {
        Map<String, List<StoredSeries>> groups = new TreeMap<>();
        for (StoredSeries one : series) {
            groups.computeIfAbsent(orderOf(one, keys), any -> new ArrayList<>()).add(one);
        }
        List<Slot> slots = new ArrayList<>(groups.size());
        for (List<StoredSeries> group : groups.values()) {
            StoredSeries first = group.getFirst();
            Map<String, @Nullable String> values = new LinkedHashMap<>();
            keys.forEach(key -> values.put(key.name(), key.of(first.device())));
            slots.add(new Slot(
                    slots.size(), null, values, false, first.metric(), first.unit(), first.kind(), List.copyOf(group)));
        }
        return slots;
    }

    // Every part ends with a character that no part can hold.
    private static String orderOf(StoredSeries series, List<GroupKey> keys) {
        StringBuilder order = new StringBuilder();
        for (GroupKey key : keys) {
            String value = key.of(series.device());
            order.append(value == null ? "" : "=" + value).append('\0');
        }
        return order.append(series.metric())
                .append('\0')
                .append(series.isState())
                .toString();
    }

    /**
     * The slots with the largest values of each metric, largest first, and behind them the rest of each metric as one.
     *
     * @param values one for each slot; NaN comes last
     */
    static List<Slot> largest(List<Slot> slots, double[] values, int most) {
        Map<String, List<Slot>> byMetric = new LinkedHashMap<>();
        slots.forEach(slot -> byMetric.computeIfAbsent(slot.metric(), any -> new ArrayList<>())
                .add(slot));
        List<Slot> chosen = new ArrayList<>();
        for (List<Slot> all : byMetric.values()) {
            all.sort((a, b) -> {
                double left = values[a.index()];
                double right = values[b.index()];
                int byValue = Double.isNaN(left) || Double.isNaN(right)
                        ? Boolean.compare(Double.isNaN(left), Double.isNaN(right))
                        : Double.compare(right, left);
                return byValue != 0 ? byValue : Integer.compare(a.index(), b.index());
            });
            int kept = Math.min(most, all.size());
            all.subList(0, kept).forEach(slot -> chosen.add(slot.at(chosen.size())));
            if (kept < all.size()) {
                chosen.add(rest(all.subList(kept, all.size()), chosen.size()));
            }
        }
        return chosen;
    }

    private static Slot rest(List<Slot> slots, int index) {
        Slot first = slots.getFirst();
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        first.group().keySet().forEach(key -> values.put(key, null));
        List<StoredSeries> series =
                slots.stream().flatMap(slot -> slot.series().stream()).toList();
        return new Slot(index, null, values, true, first.metric(), first.unit(), first.kind(), series);
    }
}
