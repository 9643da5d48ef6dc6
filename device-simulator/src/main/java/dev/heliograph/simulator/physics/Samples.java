package dev.heliograph.simulator.physics;

import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.List;

/** Collects the samples of one instant, rounded as the sensor resolves them. */
final class Samples {
    private final List<Sample> samples = new ArrayList<>(6);

    Samples add(MetricSpec metric, double value) {
        samples.add(new Sample.Measurement(metric.name(), metric.round(value)));
        return this;
    }

    Samples add(MetricSpec metric, boolean value) {
        samples.add(new Sample.Flag(metric.name(), value));
        return this;
    }

    Samples add(MetricSpec metric, String text) {
        samples.add(new Sample.State(metric.name(), text));
        return this;
    }

    List<Sample> toList() {
        return List.copyOf(samples);
    }
}
