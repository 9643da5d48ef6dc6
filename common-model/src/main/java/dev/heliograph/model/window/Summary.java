package dev.heliograph.model.window;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;

/** The statistics of some samples and the sketch of the same. The sketch is not changed once it is here. */
record Summary(WindowStats stats, QuantileSketch sketch) {
    /** The summary of both sets of samples, which must not overlap. */
    Summary merge(Summary other) {
        QuantileSketch both = new QuantileSketch();
        both.merge(sketch);
        both.merge(other.sketch);
        return new Summary(stats.merge(other.stats), both);
    }

    /** @param near an instant near the samples, so that their times take few bytes */
    void write(StateWriter out, long near) {
        out.writeLong(stats.count()).writeDouble(stats.sum());
        out.writeDouble(stats.min()).writeDouble(stats.max());
        out.writeDouble(stats.first()).writeLong(stats.firstMicros() - near);
        out.writeDouble(stats.last()).writeLong(stats.lastMicros() - near);
        out.writeDouble(stats.mean()).writeDouble(stats.squaredDeviations());
        sketch.writeTo(out);
    }

    static Summary read(StateReader in, long near) {
        WindowStats stats = new WindowStats(
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                near + in.readLong(),
                in.readDouble(),
                near + in.readLong(),
                in.readDouble(),
                in.readDouble());
        return new Summary(stats, QuantileSketch.readFrom(in));
    }
}
