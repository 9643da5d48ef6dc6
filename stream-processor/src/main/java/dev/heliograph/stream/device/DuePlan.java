package dev.heliograph.stream.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each device of one task is to be looked at without a reading, in memory. It is rebuilt from the store when the task
 * starts, so it needs no log of its own.
 *
 * <p>A device has two times. The one is for what its own readings have made due, such as a result that was held back. The
 * other is for what only the wall clock says: a silence, a window that no reading closes. While the pipeline is behind, the
 * wall clock says nothing about devices, so those wait, however long and however many they are: looking at them again and
 * again would take the time that the waiting readings need.
 *
 * <p>Times are µs since the epoch. Each time that is planned replaces the one before. About 160 bytes a device.
 */
final class DuePlan {
    /** There is nothing to look for. */
    static final long NEVER = Long.MAX_VALUE;

    private final Map<String, Planned> devices = new HashMap<>();
    private final Queue byReadings = new Queue() {
        @Override
        long due(Planned device) {
            return device.due;
        }

        @Override
        int place(Planned device) {
            return device.duePlace;
        }

        @Override
        void place(Planned device, int place) {
            device.duePlace = place;
        }
    };
    private final Queue byWallClock = new Queue() {
        @Override
        long due(Planned device) {
            return device.wallDue;
        }

        @Override
        int place(Planned device) {
            return device.wallPlace;
        }

        @Override
        void place(Planned device, int place) {
            device.wallPlace = place;
        }
    };
    private long openMinutes;

    private static final class Planned {
        private final String device;
        private long due = NEVER;
        private long wallDue = NEVER;
        private int duePlace = Queue.ABSENT;
        private int wallPlace = Queue.ABSENT;
        private int openMinutes;

        Planned(String device) {
            this.device = device;
        }
    }

    /**
     * Plans the next look at a device.
     *
     * @param due when, although the pipeline is behind; {@link #NEVER} for no such look
     * @param wallDue when, once the pipeline is not behind; {@link #NEVER} for no such look
     */
    void plan(String device, long due, long wallDue) {
        Planned planned = devices.computeIfAbsent(device, Planned::new);
        planned.due = due;
        byReadings.settle(planned);
        planned.wallDue = wallDue;
        byWallClock.settle(planned);
    }

    /** Notes how many minutes of the device have an open window. */
    void noteOpen(String device, int minutes) {
        Planned planned = devices.computeIfAbsent(device, Planned::new);
        openMinutes += minutes - planned.openMinutes;
        planned.openMinutes = minutes;
    }

    /** A device that is due, taken off the plan; null if none is. */
    @Nullable
    String next(long now, boolean behind) {
        Planned first = byReadings.first();
        if (first == null || first.due > now) {
            first = behind ? null : byWallClock.first();
            if (first == null || first.wallDue > now) {
                return null;
            }
        }
        plan(first.device, NEVER, NEVER);
        return first.device;
    }

    /** Makes every device due, although the pipeline may be behind: after a change that may concern any of them. */
    void wakeAll(long now) {
        devices.values().forEach(planned -> {
            planned.due = now;
            byReadings.settle(planned);
        });
    }

    int devices() {
        return devices.size();
    }

    long openMinutes() {
        return openMinutes;
    }

    /** A binary heap that knows the place of each device in it, so that a time can be moved without a search. */
    private abstract static class Queue {
        static final int ABSENT = -1;

        private final List<Planned> heap = new ArrayList<>();

        abstract long due(Planned device);

        abstract int place(Planned device);

        abstract void place(Planned device, int place);

        @Nullable
        Planned first() {
            return heap.isEmpty() ? null : heap.getFirst();
        }

        /** Brings a device, whose time may have changed, to where it belongs. */
        void settle(Planned device) {
            int place = place(device);
            if (due(device) == NEVER) {
                if (place != ABSENT) {
                    remove(place);
                }
                return;
            }
            if (place == ABSENT) {
                heap.add(device);
                place = heap.size() - 1;
            }
            down(device, up(device, place));
        }

        private void remove(int place) {
            place(heap.get(place), ABSENT);
            Planned last = heap.removeLast();
            if (place < heap.size()) {
                down(last, up(last, place));
            }
        }

        /** Where a device belongs that is not later than what stands below {@code place}; those above make room. */
        private int up(Planned device, int place) {
            int at = place;
            while (at > 0) {
                int parent = (at - 1) / 2;
                if (due(heap.get(parent)) <= due(device)) {
                    break;
                }
                put(heap.get(parent), at);
                at = parent;
            }
            return at;
        }

        private void down(Planned device, int place) {
            int at = place;
            while (2 * at + 1 < heap.size()) {
                int child = 2 * at + 1;
                if (child + 1 < heap.size() && due(heap.get(child + 1)) < due(heap.get(child))) {
                    child++;
                }
                if (due(heap.get(child)) >= due(device)) {
                    break;
                }
                put(heap.get(child), at);
                at = child;
            }
            put(device, at);
        }

        private void put(Planned device, int place) {
            heap.set(place, device);
            place(device, place);
        }
    }
}
