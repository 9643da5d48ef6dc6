package dev.heliograph.simulator.feed;

import dev.heliograph.simulator.physics.DeviceModel;
import java.util.List;

/** Sends one message whenever the device is due, with the intended time, counted from 0. */
public final class HealthyFeed implements DeviceFeed {
    private final DeviceModel model;
    private long nextSequence;

    /** A device that has not sent anything yet. */
    public HealthyFeed(DeviceModel model) {
        this.model = model;
    }

    @Override
    public List<DeviceMessage> due(long dueMillis) {
        return List.of(DeviceMessage.fresh(nextSequence++, dueMillis, model.samplesAt(dueMillis)));
    }
}
