package dev.heliograph.stream.device;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When each device of one task is to be looked at without a reading, in memory. It is rebuilt from the store when the
 * task starts, so it needs no log of its own. Waking a device too early is harmless; too late never happens.
 */
final class DuePlan {
    private final Map<String, Item> items = new HashMap<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
    private long openMinutes;

    private static final class Item {
        private long due = Long.MAX_VALUE;
        private int openMinutes;
    }

    private record Wake(long due, String device) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            return Long.compare(due, other.due);
        }
    }

    /** Makes sure that the device is looked at by then. */
    void wakeBy(String device, long due) {
        Item item = items.computeIfAbsent(device, key -> new Item());
        // An earlier wake-up stands: it costs one look, while taking it back would cost a search.
        if (due < item.due) {
            item.due = due;
            wakes.add(new Wake(due, device));
        }
    }

    /** Notes how many minutes of the device have an open window. */
    void noteOpen(String device, int minutes) {
        Item item = items.computeIfAbsent(device, key -> new Item());
        openMinutes += minutes - item.openMinutes;
        item.openMinutes = minutes;
    }

    /** A device that is due, taken off the plan; null if none is. */
    @Nullable
    String next(long now) {
        for (Wake first = wakes.peek(); first != null && first.due <= now; first = wakes.peek()) {
            wakes.remove();
            Item item = items.get(first.device);
            if (item != null && item.due == first.due) {
                item.due = Long.MAX_VALUE;
                return first.device;
            }
        }
        return null;
    }

    /** Makes every device due: after a change that may concern any of them. */
    void wakeAll(long now) {
        wakes.clear();
        items.forEach((device, item) -> {
            item.due = now;
            wakes.add(new Wake(now, device));
        });
    }

    int devices() {
        return items.size();
    }

    long openMinutes() {
        return openMinutes;
    }
}
