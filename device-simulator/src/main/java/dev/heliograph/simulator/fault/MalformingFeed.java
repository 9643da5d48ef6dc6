package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.Damage;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.physics.Noise;
import java.util.List;

/** Now and then a payload is broken; a resend of the same reading is broken in the same way. */
record MalformingFeed(DeviceFeed device, double probability, Noise noise) implements DeviceFeed {
    @Override
    public List<DeviceMessage> due(long dueMillis) {
        List<DeviceMessage> messages = device.due(dueMillis);
        return probability == 0
                ? messages
                : messages.stream().map(this::perhapsBreak).toList();
    }

    private DeviceMessage perhapsBreak(DeviceMessage message) {
        if (noise.uniform(message.sequence()) >= probability) {
            return message;
        }
        Damage[] ways = Damage.values();
        return message.damaged(ways[(int) (noise.named("way").uniform(message.sequence()) * ways.length)]);
    }
}
