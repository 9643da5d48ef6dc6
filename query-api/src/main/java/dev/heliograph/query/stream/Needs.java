package dev.heliograph.query.stream;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all subscriptions of this instance need together. Each is counted: it needs its partitions until it has been given
 * back as often as it was taken. Not thread-safe.
 */
final class Needs {
    private final Map<Subscription, Taken> taken = new HashMap<>();
    private final Map<StreamTopic, int[]> counted = new EnumMap<>(StreamTopic.class);
    private Map<StreamTopic, Integer> counts = Map.of();
    private int version;

    private static final class Taken {
        Need need;
        int times;

        Taken(Need need) {
            this.need = need;
        }
    }

    /** Says how many partitions the topics have; nothing happens where that is known. */
    void partitions(Map<StreamTopic, Integer> now) {
        if (now.equals(counts)) {
            return;
        }
        counts = Map.copyOf(now);
        version++;
        counted.clear();
        counts.forEach((topic, count) -> counted.put(topic, new int[count]));
        taken.forEach((subscription, one) -> {
            one.need = Need.of(subscription, counts);
            count(one.need, one.times);
        });
    }

    /** Another one whenever what a subscription needs may have changed. */
    int version() {
        return version;
    }

    void take(Subscription subscription) {
        Taken one = taken.computeIfAbsent(subscription, fresh -> new Taken(Need.of(fresh, counts)));
        one.times++;
        count(one.need, 1);
    }

    void giveBack(Subscription subscription) {
        Taken one = taken.get(subscription);
        if (one == null) {
            throw new IllegalStateException("given back more often than taken: " + subscription);
        }
        count(one.need, -1);
        if (--one.times == 0) {
            taken.remove(subscription);
        }
    }

    private void count(Need need, int change) {
        need.places().forEach(place -> {
            int[] ofTopic = counted.get(place.topic());
            if (ofTopic != null) {
                ofTopic[place.partition()] += change;
            }
        });
    }

    /** What this subscription needs, whether it was taken or not. */
    Need of(Subscription subscription) {
        @Nullable Taken one = taken.get(subscription);
        return one == null ? Need.of(subscription, counts) : one.need;
    }

    /** What somebody needs. */
    Set<Place> places() {
        Set<Place> places = new HashSet<>();
        counted.forEach((topic, times) -> {
            for (int partition = 0; partition < times.length; partition++) {
                if (times[partition] > 0) {
                    places.add(new Place(topic, partition));
                }
            }
        });
        return places;
    }
}
