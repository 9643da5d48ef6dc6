package dev.heliograph.simulator.fault;

import dev.heliograph.model.reading.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Changes numbers among samples; flags and states are left alone. */
final class Numbers {
    private Numbers() {}

    /** The samples with one of their numbers changed, which one is chosen by the pick; unchanged where there is none. */
    static List<Sample> changeOne(List<Sample> samples, long pick, DoubleUnaryOperator change) {
        int[] numbers = IntStream.range(0, samples.size())
                .filter(i -> samples.get(i) instanceof Sample.Measurement)
                .toArray();
        if (numbers.length == 0) {
            return samples;
        }
        return change(samples, numbers[(int) Math.floorMod(pick, (long) numbers.length)], change);
    }

    /** The samples with the number at the index changed. */
    static List<Sample> change(List<Sample> samples, int index, DoubleUnaryOperator change) {
        if (!(samples.get(index) instanceof Sample.Measurement measurement)) {
            return samples;
        }
        List<Sample> changed = new ArrayList<>(samples);
        changed.set(
                index,
                new Sample.Measurement(
                        measurement.metric(), Math.rint(change.applyAsDouble(measurement.value()) * 1_000) / 1_000));
        return List.copyOf(changed);
    }

    /** How large a remarkable error of the value is. */
    static double scale(double value) {
        return Math.max(1, Math.abs(value) / 4);
    }
}
