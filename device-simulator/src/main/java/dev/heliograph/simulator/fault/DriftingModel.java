package dev.heliograph.simulator.fault;

import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.physics.DeviceModel;
import java.util.List;

/** During an episode one metric runs away: by a quarter of its value (at least 1) in an hour, up or down. */
record DriftingModel(DeviceModel device, Episodes episodes) implements DeviceModel {
    private static final double MILLIS_PER_HOUR = 3_600_000;

    @Override
    public List<Sample> samplesAt(long atMillis) {
        List<Sample> samples = device.samplesAt(atMillis);
        return episodes.at(atMillis)
                .map(episode -> {
                    double hours = (atMillis - episode.startMillis()) / MILLIS_PER_HOUR;
                    double direction = episode.number() % 2 == 0 ? 1 : -1;
                    return Numbers.changeOne(
                            samples, episode.number(), value -> value + direction * hours * Numbers.scale(value));
                })
                .orElse(samples);
    }
}
