package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.physics.Noise;
import java.time.Duration;
import java.util.List;

/** During an episode the device's clock is off by a constant, ahead or behind; then it is right again. */
record WrongClockFeed(DeviceFeed device, Episodes episodes, Duration errorLimit, Noise noise) implements DeviceFeed {
    @Override
    public List<DeviceMessage> due(long dueMillis) {
        List<DeviceMessage> messages = device.due(dueMillis);
        return episodes.at(dueMillis)
                .map(episode -> {
                    long limit = errorLimit.toMillis();
                    long error = (long) noise.between(episode.number(), -limit, limit + 1.0);
                    return messages.stream()
                            .map(message -> message.at(message.timeMillis() + error))
                            .toList();
                })
                .orElse(messages);
    }
}
