package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** All series of one device in one hour: loaded and saved together when a minute closes. */
final class DeviceHour {
    private static final int VERSION = 1;

    private final long start;
    private final boolean whole;
    private final Map<MetricName, SeriesHour> series = new LinkedHashMap<>();

    /** @param whole false where a part of the hour was let go before, so that nothing in it can be complete */
    DeviceHour(long start, boolean whole) {
        this.start = start;
        this.whole = whole;
    }

    /** Takes what was told of a minute: its summary, or that only the stored measurements know it. */
    void take(WindowResult minute) {
        SeriesHour hour = series.computeIfAbsent(minute.metric(), metric -> new SeriesHour(metric, start, whole));
        WindowStats stats = minute.stats();
        var sketch = minute.sketch();
        if (stats == null || sketch == null) {
            hour.letGo();
        } else {
            hour.put(minute.startMicros(), new Summary(stats, sketch));
        }
    }

    /** @see SeriesHour#letGo */
    void handOver(MetricName metric) {
        series.computeIfAbsent(metric, name -> new SeriesHour(name, start, false))
                .letGo();
    }

    /** Lets go of one metric, or of all where that is null. */
    void letGo(@Nullable MetricName metric) {
        series.values().stream()
                .filter(hour -> metric == null || hour.metric().equals(metric))
                .forEach(SeriesHour::letGo);
    }

    void settle(LongPredicate minuteIsKept) {
        series.values().forEach(hour -> hour.settle(minuteIsKept));
    }

    boolean hasNews() {
        return series.values().stream().anyMatch(SeriesHour::hasNews);
    }

    /** The device time at which it closes; {@link Long#MAX_VALUE} where all of it is closed. */
    long nextCloseMicros(long lateness) {
        boolean open = series.values().stream().anyMatch(SeriesHour::isOpen);
        return open ? start + WindowSize.ONE_HOUR.micros() + lateness : Long.MAX_VALUE;
    }

    /** @see SeriesHour#tell */
    void tell(boolean closes, boolean over, @Nullable SourcePosition source, WindowEvents events) {
        series.values().forEach(hour -> hour.tell(closes, over, source, events));
    }

    /** Its bytes; the largest series are let go, and so repaired from what is stored, until there are no more than allowed. */
    byte[] toBytes(int maxBytes) {
        byte[] bytes = encode();
        while (bytes.length > maxBytes && letGoOfLargest()) {
            bytes = encode();
        }
        return bytes;
    }

    private boolean letGoOfLargest() {
        SeriesHour largest = series.values().stream()
                .filter(SeriesHour::isWhole)
                .max(Comparator.comparingInt(SeriesHour::size))
                .orElse(null);
        if (largest == null) {
            return false;
        }
        largest.letGo();
        return true;
    }

    private byte[] encode() {
        StateWriter out = new StateWriter();
        out.writeByte(VERSION).writeFlag(whole).writeLong(series.size());
        series.values().forEach(hour -> hour.write(out));
        return out.toBytes();
    }

    static DeviceHour fromBytes(long start, byte[] bytes) {
        StateReader in = new StateReader(bytes);
        in.expectVersion(VERSION, "hour of a device");
        DeviceHour hour = new DeviceHour(start, Boolean.TRUE.equals(in.readFlag()));
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            SeriesHour one = SeriesHour.read(in, start);
            hour.series.put(one.metric(), one);
        }
        return hour;
    }
}
