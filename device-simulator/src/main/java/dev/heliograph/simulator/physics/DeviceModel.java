package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.util.List;

/** What a device would measure at an instant: the same instant always gives the same samples. One thread at a time. */
@FunctionalInterface
public interface DeviceModel {
    /**
     * The samples of an instant, one for each metric, in a fixed order.
     *
     * @param atMillis ms since the epoch; any instant, in any order
     */
    List<Sample> samplesAt(long atMillis);
}
