package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** During an episode the device keeps what it measures; the first time it is due afterwards it sends all of it, oldest first. */
final class OutageFeed implements DeviceFeed {
    private final DeviceFeed device;
    private final Episodes episodes;
    private final int bufferLimit;
    private final Deque<DeviceMessage> kept = new ArrayDeque<>();

    OutageFeed(DeviceFeed device, Episodes episodes, int bufferLimit) {
        this.device = device;
        this.episodes = episodes;
        this.bufferLimit = bufferLimit;
    }

    @Override
    public List<DeviceMessage> due(long dueMillis) {
        List<DeviceMessage> fresh = device.due(dueMillis);
        if (episodes.at(dueMillis).isPresent()) {
            fresh.forEach(this::keep);
            return List.of();
        }
        if (kept.isEmpty()) {
            return fresh;
        }
        List<DeviceMessage> burst = new ArrayList<>(kept);
        kept.clear();
        burst.addAll(fresh);
        return burst;
    }

    private void keep(DeviceMessage message) {
        if (kept.size() == bufferLimit) {
            kept.removeFirst();
        }
        kept.addLast(message.as(DeviceMessage.Kind.BUFFERED));
    }
}
