package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All series of one device in one minute: what is loaded and saved together for a reading. */
final class DeviceMinute {
    private static final int VERSION = 1;

    private final long start;
    private final boolean whole;
    private final Map<MetricName, SeriesMinute> series = new LinkedHashMap<>();
    private int samples;

    /** @param whole false where a part of the minute was let go before, so that nothing in it can be complete */
    DeviceMinute(long start, boolean whole) {
        this.start = start;
        this.whole = whole;
    }

    SeriesMinute.Outcome add(MetricName metric, long time, double value, SourcePosition source, WindowPolicy policy) {
        SeriesMinute one = series.computeIfAbsent(metric, name -> new SeriesMinute(name, start, whole));
        int before = one.size();
        boolean room = before < policy.maxSamplesPerMinute() && samples < policy.maxSamplesPerDeviceMinute();
        SeriesMinute.Outcome outcome = one.add(time, value, source, room);
        samples += one.size() - before;
        return outcome;
    }

    /** @see SeriesMinute#handOver */
    void handOver(MetricName metric, long time, SourcePosition source) {
        SeriesMinute one = series.computeIfAbsent(metric, name -> new SeriesMinute(name, start, false));
        samples -= one.size();
        one.handOver(time, source);
    }

    /** Lets go of one metric, or of all where that is null; returns those that it had. */
    List<MetricName> letGo(@Nullable MetricName metric, SourcePosition source) {
        List<MetricName> had = new ArrayList<>();
        for (SeriesMinute one : series.values()) {
            if (metric == null || one.metric().equals(metric)) {
                samples -= one.size();
                one.letGo(source);
                had.add(one.metric());
            }
        }
        return had;
    }

    boolean hasNews() {
        for (SeriesMinute one : series.values()) {
            if (one.hasNews()) {
                return true;
            }
        }
        return false;
    }

    long nextCloseMicros(long lateness) {
        long next = Long.MAX_VALUE;
        for (SeriesMinute one : series.values()) {
            next = Math.min(next, one.nextCloseMicros(lateness));
        }
        return next;
    }

    void tell(long deviceTime, long lateness, WindowEvents events) {
        for (SeriesMinute one : series.values()) {
            one.tell(deviceTime, lateness, events);
        }
    }

    byte[] toBytes() {
        int expected = 0;
        for (SeriesMinute one : series.values()) {
            expected += one.expectedBytes();
        }
        StateWriter out = new StateWriter(expected);
        out.writeByte(VERSION).writeFlag(whole).writeLong(series.size());
        for (SeriesMinute one : series.values()) {
            one.write(out);
        }
        return out.toBytes();
    }

    static DeviceMinute fromBytes(long start, byte[] bytes) {
        StateReader in = new StateReader(bytes);
        in.expectVersion(VERSION, "minute of a device");
        DeviceMinute minute = new DeviceMinute(start, Boolean.TRUE.equals(in.readFlag()));
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            SeriesMinute one = SeriesMinute.read(in, start);
            MetricName metric = one.metric();
            minute.series.put(metric, one);
            minute.samples += one.size();
        }
        return minute;
    }
}
