package dev.heliograph.simulator.feed;

import java.util.List;

/**
 * What a device sends when it is due. Has memory (a count, a buffer), so it is asked by one thread, in the order of time; the
 * same questions always get the same answers.
 */
@FunctionalInterface
public interface DeviceFeed {
    /**
     * The messages to send at an instant of the schedule, in order; empty where the device is silent.
     *
     * @param dueMillis the intended time, ms since the epoch
     */
    List<DeviceMessage> due(long dueMillis);
}
