package dev.heliograph.stream.device;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.window.SourcePosition;
import dev.heliograph.model.window.WindowResult;
import dev.heliograph.model.window.WindowStats;
import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WireCodec;
import org.jspecify.annotations.Nullable;

/** From window results to the records of the topic {@code windows}. */
final class WindowRecords {
    private WindowRecords() {}

    /** @param newest the newest entry of the log behind the result; null where that is not known */
    static WindowRecord of(DeviceKey device, WindowResult result, @Nullable SourcePosition newest, long nowMicros) {
        WindowStats stats = result.stats();
        SourcePosition source = result.source() == null ? newest : result.source();
        QuantileSketch sketch = result.sketch();
        return new WindowRecord(
                WireCodec.VERSION,
                device.tenant().value(),
                device.device().value(),
                result.metric().value(),
                result.size().label(),
                result.startMicros(),
                result.endMicros(),
                result.phase().wireName(),
                result.revision(),
                stats == null ? 0 : stats.count(),
                stats == null ? 0 : stats.sum(),
                stats == null ? 0 : stats.min(),
                stats == null ? 0 : stats.max(),
                stats == null ? 0 : stats.first(),
                stats == null ? 0 : stats.firstMicros(),
                stats == null ? 0 : stats.last(),
                stats == null ? 0 : stats.lastMicros(),
                stats == null ? 0 : stats.mean(),
                stats == null ? 0 : stats.squaredDeviations(),
                nowMicros,
                source == null ? null : Integer.valueOf(source.partition()),
                source == null ? null : Long.valueOf(source.offset()),
                sketch == null ? null : sketch.toBytes());
    }
}
