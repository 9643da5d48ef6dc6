package dev.heliograph.simulator.fault;

import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.physics.DeviceModel;
import java.util.List;

/** During an episode one metric repeats the value that it had at the beginning; the others live on. */
record StuckModel(DeviceModel device, Episodes episodes) implements DeviceModel {
    @Override
    public List<Sample> samplesAt(long atMillis) {
        List<Sample> samples = device.samplesAt(atMillis);
        return episodes.at(atMillis)
                .map(episode -> {
                    List<Sample> then = device.samplesAt(episode.startMillis());
                    int index = (int) Math.floorMod(episode.number(), (long) samples.size());
                    return replace(samples, index, then.get(index));
                })
                .orElse(samples);
    }

    private static List<Sample> replace(List<Sample> samples, int index, Sample other) {
        Sample[] changed = samples.toArray(Sample[]::new);
        changed[index] = other;
        return List.of(changed);
    }
}
