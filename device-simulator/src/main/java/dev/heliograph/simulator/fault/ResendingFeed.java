package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.physics.Noise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Now and then a message is sent again: at once, or together with the next one. */
final class ResendingFeed implements DeviceFeed {
    private final DeviceFeed device;
    private final double probability;
    private final Noise noise;
    private @Nullable DeviceMessage again;

    ResendingFeed(DeviceFeed device, double probability, Noise noise) {
        this.device = device;
        this.probability = probability;
        this.noise = noise;
    }

    @Override
    public List<DeviceMessage> due(long dueMillis) {
        List<DeviceMessage> messages = device.due(dueMillis);
        if (probability == 0 || messages.isEmpty()) {
            return messages;
        }
        List<DeviceMessage> sent = new ArrayList<>(messages);
        if (again != null) {
            sent.add(again);
            again = null;
        }
        for (DeviceMessage message : messages) {
            if (noise.uniform(message.sequence()) < probability) {
                DeviceMessage copy = message.as(DeviceMessage.Kind.RESEND);
                if (noise.named("later").uniform(message.sequence()) < 0.5) {
                    again = copy;
                } else {
                    sent.add(copy);
                }
            }
        }
        return sent;
    }
}
