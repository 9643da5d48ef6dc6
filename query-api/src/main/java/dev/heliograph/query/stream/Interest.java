package dev.heliograph.query.stream;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Which devices of one tenant anybody looks at, so that records for nobody are not even decoded. Not thread-safe. */
final class Interest {
    private static final String EVERY = "*";

    private final Map<StreamTopic, Map<String, Integer>> watchers = new EnumMap<>(StreamTopic.class);

    void add(Subscription subscription) {
        count(subscription, 1);
    }

    void remove(Subscription subscription) {
        count(subscription, -1);
    }

    boolean covers(StreamTopic topic, String device) {
        Map<String, Integer> devices = watchers.get(topic);
        return devices != null && (devices.containsKey(EVERY) || devices.containsKey(device));
    }

    private void count(Subscription subscription, int change) {
        for (View view : subscription.views()) {
            for (StreamTopic topic : view.topics()) {
                Map<String, Integer> devices = watchers.computeIfAbsent(topic, ignored -> new HashMap<>());
                if (view.everyDevice()) {
                    count(devices, EVERY, change);
                } else {
                    view.devices().forEach(device -> count(devices, device, change));
                }
            }
        }
    }

    private static void count(Map<String, Integer> devices, String device, int change) {
        int now = devices.getOrDefault(device, 0) + change;
        if (now > 0) {
            devices.put(device, now);
        } else {
            devices.remove(device);
        }
    }
}
