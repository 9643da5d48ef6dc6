package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import java.util.List;

/** During an episode the device is off: nothing is measured, nothing is counted, nothing is sent later. */
record SilentFeed(DeviceFeed device, Episodes episodes) implements DeviceFeed {
    @Override
    public List<DeviceMessage> due(long dueMillis) {
        return episodes.at(dueMillis).isPresent() ? List.of() : device.due(dueMillis);
    }
}
