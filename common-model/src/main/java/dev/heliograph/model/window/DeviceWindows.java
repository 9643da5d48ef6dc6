package dev.heliograph.model.window;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one device, all its series and sizes.
 *
 * <p><b>Clock.</b> Each device has its own: the newest time in its readings. A window closes when that clock is past its
 * end by the allowed lateness. While the device is quiet, its clock goes on with the wall clock ({@link #advance}), so the
 * last window of a silent device closes too; a clock that runs ahead or behind harms no other device.
 *
 * <p><b>Results.</b> Open windows are told at most every {@code tellEvery}; each window is final once; late samples
 * revise a window as long as it is kept. A sample for a window that was let go asks for its repair. An hour is made of
 * its closed minutes and told at most every {@code tellHoursEvery}, except when it closes; while it is open it holds only
 * those. For every window,
 * the last result told, or the repair from the stored measurements if one was asked, is the summary of all its distinct
 * samples.
 *
 * <p><b>Identity.</b> A sample counts once by (series, time): the first value stays. A device never keeps more minutes,
 * samples or hours than its policy allows.
 *
 * <p>Not thread-safe. The same calls give the same results, restarts in between by {@link #writeTo} and {@link #readFrom}
 * included.
 */
public final class DeviceWindows {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long MINUTE = WindowSize.ONE_MINUTE.micros();

    private final WindowPolicy policy;
    private final SpanStore minutes;
    private final DeviceHours hours;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private long deviceClock = NEVER;
    private long lastReceived = NEVER;
    private long letGoBefore = NEVER;
    private long toldAt = NEVER;
    private @Nullable SourcePosition newestSource;

    /** What must be known of a minute without loading it. */
    private record Kept(long nextClose, boolean news) {}

    /** A device that was never heard of. */
    public DeviceWindows(WindowPolicy policy, SpanStore minutes, SpanStore hours) {
        this.policy = policy;
        this.minutes = minutes;
        this.hours = new DeviceHours(policy, hours, kept::containsKey);
    }

    /**
     * Takes the numbers and flags of one reading.
     *
     * @param source where the reading stands in the log
     * @param nowMicros the wall clock, µs since the epoch
     */
    public void accept(Reading reading, SourcePosition source, long nowMicros, WindowEvents events) {
        if (!hasNumbers(reading)) {
            return;
        }
        newestSource = source;
        long start = WindowSize.ONE_MINUTE.startOf(reading.timeMicros());
        if (!kept.containsKey(start) && kept.size() >= policy.maxMinutes()) {
            closeAndForget(kept.firstKey(), events);
        }
        DeviceMinute minute = load(start);
        add(minute, start, reading, source, events);
        deviceClock = Math.max(deviceClock, reading.timeMicros());
        lastReceived = Math.min(reading.receivedMicros(), nowMicros);
        if (mayTell(nowMicros)) {
            tellAll(deviceClock, nowMicros, start, minute, events);
        } else {
            save(start, minute);
            hours.save();
        }
    }

    /**
     * Notes a reading that tells of the past and did not come by the live way. Whoever stores it recomputes its windows
     * from what is stored; here it moves no clock, and what is kept of its minute is let go, so that this and every later
     * sample of that minute asks for the repair of its windows.
     *
     * @param source where the reading stands in the log
     */
    public void note(Reading past, SourcePosition source) {
        if (!hasNumbers(past)) {
            return;
        }
        newestSource = source;
        long start = WindowSize.ONE_MINUTE.startOf(past.timeMicros());
        if (!kept.containsKey(start)) {
            // A later live sample must not begin this minute, or its hour, anew as if there was nothing in it.
            letGoBefore = Math.max(letGoBefore, start + MINUTE);
            hours.handOver(start, numbersOf(past));
            return;
        }
        DeviceMinute minute = load(start);
        for (Sample sample : past.samples()) {
            if (!(sample instanceof Sample.State)) {
                minute.handOver(sample.metric(), past.timeMicros(), source);
            }
        }
        save(start, minute);
    }

    /**
     * Lets go of what is held of a span whose stored measurements have been changed: those windows ask for their repair.
     *
     * @param metric whose windows; null: of every metric
     * @param fromMicros start of the span, inclusive, µs since the epoch
     * @param toMicros its end, exclusive
     * @param source where the change stands in the log
     */
    public void letGo(@Nullable MetricName metric, long fromMicros, long toMicros, SourcePosition source) {
        newestSource = source;
        long first = WindowSize.ONE_MINUTE.startOf(fromMicros);
        for (long start : kept.subMap(first, toMicros).keySet().toArray(Long[]::new)) {
            DeviceMinute minute = load(start);
            hours.handOver(start, minute.letGo(metric, source));
            save(start, minute);
        }
        hours.letGo(metric, fromMicros, toMicros);
    }

    /** The newest entry of the log that it knows; null where it knows none. */
    public @Nullable SourcePosition newestSource() {
        return newestSource;
    }

    /**
     * Lets the wall clock do what no reading did: tells what was held back, closes the windows of a quiet device, and
     * forgets what has been kept for long enough.
     *
     * @param catchingUp whether readings may be waiting before this stage; then nothing is closed by the wall clock
     */
    public void advance(long nowMicros, boolean catchingUp, WindowEvents events) {
        if (!(kept.isEmpty() && hours.isEmpty()) && mayTell(nowMicros)) {
            tellAll(catchingUp ? deviceClock : clockAt(nowMicros), nowMicros, NEVER, null, events);
        }
    }

    /** When {@link #advance} has something to do next, µs since the epoch; {@link Long#MAX_VALUE} if never. */
    public long dueMicros() {
        return dueMicros(this::wallClockOf);
    }

    /**
     * When {@link #advance} has something to do next although it is catching up: results that were held back, and windows
     * that the device's own clock has left. What only the wall clock closes is not among it.
     */
    public long dueWhileCatchingUp() {
        return dueMicros(deviceTime -> Long.MAX_VALUE);
    }

    private long dueMicros(LongUnaryOperator wallClock) {
        long due = Long.MAX_VALUE;
        for (var entry : kept.entrySet()) {
            Kept minute = entry.getValue();
            if (minute.news() || minute.nextClose() <= deviceClock) {
                due = Math.min(due, toldAt + policy.tellEveryMicros());
            } else if (minute.nextClose() != Long.MAX_VALUE) {
                due = Math.min(due, wallClock.applyAsLong(minute.nextClose()));
            } else {
                due = Math.min(due, wallClock.applyAsLong(forgetAt(entry.getKey())));
            }
        }
        long soonest = toldAt + policy.tellEveryMicros();
        due = Math.min(due, hours.dueMicros(deviceClock, soonest, wallClock));
        return due == Long.MAX_VALUE ? due : Math.max(due, soonest);
    }

    /** How many minutes of this device have a window that is not final. */
    public int openMinutes() {
        int open = 0;
        for (Kept minute : kept.values()) {
            open += minute.nextClose() == Long.MAX_VALUE ? 0 : 1;
        }
        return open;
    }

    private static List<MetricName> numbersOf(Reading reading) {
        return reading.samples().stream()
                .filter(sample -> !(sample instanceof Sample.State))
                .map(Sample::metric)
                .toList();
    }

    private static boolean hasNumbers(Reading reading) {
        for (Sample sample : reading.samples()) {
            if (!(sample instanceof Sample.State)) {
                return true;
            }
        }
        return false;
    }

    private DeviceMinute load(long start) {
        byte[] bytes = kept.containsKey(start) ? minutes.load(start) : null;
        if (bytes != null) {
            return DeviceMinute.fromBytes(start, bytes);
        }
        // A minute that was never let go starts empty and is complete; of one before that mark, nobody here can tell.
        return new DeviceMinute(start, start >= letGoBefore);
    }

    private void add(DeviceMinute minute, long start, Reading reading, SourcePosition source, WindowEvents events) {
        long time = reading.timeMicros();
        for (Sample sample : reading.samples()) {
            double value;
            switch (sample) {
                case Sample.Measurement measurement -> value = measurement.value();
                case Sample.Flag flag -> value = flag.asMeasurement();
                case Sample.State state -> {
                    continue;
                }
            }
            switch (minute.add(sample.metric(), time, value, source, policy)) {
                case DUPLICATE -> events.duplicate(sample.metric(), time, false);
                case CONFLICT -> events.duplicate(sample.metric(), time, true);
                case OVERFLOW -> events.overflow(sample.metric(), start);
                case KEPT, FOR_REPAIR -> {
                    // told with the next result
                }
            }
        }
    }

    private boolean mayTell(long now) {
        // A wall clock that went back must not keep the results waiting until it is where it was.
        return toldAt == NEVER || now < toldAt || now - toldAt >= policy.tellEveryMicros();
    }

    private void tellAll(long clock, long now, long loadedStart, @Nullable DeviceMinute loaded, WindowEvents events) {
        if (loaded != null) {
            tell(loadedStart, loaded, clock, events);
        }
        for (long start : kept.keySet().toArray(Long[]::new)) {
            Kept minute = kept.get(start);
            if (minute != null && start != loadedStart && (minute.news() || minute.nextClose() <= clock)) {
                tell(start, load(start), clock, events);
            }
        }
        for (long start : kept.keySet().toArray(Long[]::new)) {
            Kept minute = kept.get(start);
            if (minute != null && minute.nextClose() == Long.MAX_VALUE && forgetAt(start) <= clock) {
                forget(start);
            }
        }
        hours.tell(clock, now, newestSource, events);
        toldAt = now;
    }

    private void tell(long start, DeviceMinute minute, long clock, WindowEvents events) {
        tell(minute, clock, events);
        save(start, minute);
    }

    private void tell(DeviceMinute minute, long clock, WindowEvents events) {
        minute.tell(clock, policy.latenessMicros(), new ForHours(events));
    }

    /** Passes on what a minute tells, and its last words to the hours. */
    private final class ForHours implements WindowEvents {
        private final WindowEvents events;

        ForHours(WindowEvents events) {
            this.events = events;
        }

        @Override
        public void result(WindowResult result) {
            events.result(result);
            if (result.size() == WindowSize.ONE_MINUTE && result.phase() != WindowPhase.EARLY) {
                hours.take(result, newestSource, events);
            }
        }

        @Override
        public void duplicate(MetricName metric, long timeMicros, boolean conflicting) {
            events.duplicate(metric, timeMicros, conflicting);
        }

        @Override
        public void overflow(MetricName metric, long minuteStartMicros) {
            events.overflow(metric, minuteStartMicros);
        }
    }

    private void save(long start, DeviceMinute minute) {
        kept.put(start, new Kept(minute.nextCloseMicros(policy.latenessMicros()), minute.hasNews()));
        minutes.save(start, minute.toBytes());
    }

    private void closeAndForget(long start, WindowEvents events) {
        tell(load(start), Long.MAX_VALUE, events);
        forget(start);
    }

    private void forget(long start) {
        kept.remove(start);
        minutes.forget(start);
        letGoBefore = Math.max(letGoBefore, start + MINUTE);
    }

    private long forgetAt(long start) {
        return start + MINUTE + policy.latenessMicros() + policy.retentionMicros();
    }

    private long clockAt(long now) {
        return deviceClock + Math.max(0, now - lastReceived);
    }

    private long wallClockOf(long deviceTime) {
        return lastReceived + Math.max(0, deviceTime - deviceClock);
    }

    /** Appends the clock and the lists of kept minutes and hours; those themselves are in their stores. */
    public void writeTo(StateWriter out) {
        out.writeLong(deviceClock)
                .writeLong(lastReceived)
                .writeLong(letGoBefore)
                .writeLong(toldAt);
        out.writeLong(kept.size());
        kept.forEach((start, minute) -> {
            out.writeLong(start / MINUTE).writeFlag(minute.news());
            // Relative, so that the usual few minutes take a few bytes; -1 stands for "every window is final".
            out.writeLong(minute.nextClose() == Long.MAX_VALUE ? -1 : minute.nextClose() - start);
        });
        SourcePosition source = newestSource;
        out.writeFlag(source != null);
        if (source != null) {
            out.writeLong(source.partition()).writeLong(source.offset());
        }
        hours.writeTo(out);
    }

    /** Reads what {@link #writeTo} wrote. */
    public static DeviceWindows readFrom(StateReader in, WindowPolicy policy, SpanStore minutes, SpanStore hours) {
        DeviceWindows windows = withoutHours(in, policy, minutes, hours);
        if (Boolean.TRUE.equals(in.readFlag())) {
            windows.newestSource = new SourcePosition(in.readCount(), in.readLong());
        }
        windows.hours.readFrom(in);
        return windows;
    }

    /**
     * Reads what {@link #writeTo} wrote before there were hours. The hour at hand began unseen, so it will be repaired from
     * the stored measurements when it closes.
     */
    public static DeviceWindows readWithoutHours(
            StateReader in, WindowPolicy policy, SpanStore minutes, SpanStore hours) {
        DeviceWindows windows = withoutHours(in, policy, minutes, hours);
        if (windows.deviceClock != NEVER) {
            windows.hours.unknownBefore(windows.deviceClock + 1);
        }
        return windows;
    }

    private static DeviceWindows withoutHours(StateReader in, WindowPolicy policy, SpanStore minutes, SpanStore hours) {
        DeviceWindows windows = new DeviceWindows(policy, minutes, hours);
        windows.deviceClock = in.readLong();
        windows.lastReceived = in.readLong();
        windows.letGoBefore = in.readLong();
        windows.toldAt = in.readLong();
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            long start = in.readLong() * MINUTE;
            boolean news = Boolean.TRUE.equals(in.readFlag());
            long nextClose = in.readLong();
            windows.kept.put(start, new Kept(nextClose < 0 ? Long.MAX_VALUE : start + nextClose, news));
        }
        return windows;
    }
}
