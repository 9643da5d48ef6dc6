package dev.heliograph.simulator.fault;

import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.physics.DeviceModel;
import dev.heliograph.simulator.physics.Noise;
import java.util.List;

/** Now and then one number is absurd, for one reading only: off by two to ten times a quarter of its value. */
record SpikyModel(DeviceModel device, double probability, Noise noise) implements DeviceModel {
    @Override
    public List<Sample> samplesAt(long atMillis) {
        List<Sample> samples = device.samplesAt(atMillis);
        for (int i = 0; probability > 0 && i < samples.size(); i++) {
            Noise metric = noise.named(samples.get(i).metric().value());
            if (metric.uniform(atMillis) < probability) {
                double size = metric.named("size").between(atMillis, 2, 10);
                double direction = metric.named("direction").uniform(atMillis) < 0.5 ? -1 : 1;
                samples = Numbers.change(samples, i, value -> value + direction * size * Numbers.scale(value));
            }
        }
        return samples;
    }
}
