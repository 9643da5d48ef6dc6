package dev.heliograph.simulator.mqtt;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Counts what the fleet does. All methods may be called by any thread. */
public final class FleetMeter {
    private static final int DIGITS = 3;

    public final LongAdder generated = new LongAdder();
    public final LongAdder sent = new LongAdder();
    public final LongAdder acknowledged = new LongAdder();
    public final LongAdder refused = new LongAdder();
    public final LongAdder later = new LongAdder();
    public final LongAdder unknown = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    public final LongAdder connected = new LongAdder();
    public final LongAdder connects = new LongAdder();
    public final LongAdder connectFailures = new LongAdder();
    private final Map<Integer, LongAdder> codes = new ConcurrentSkipListMap<>();
    private volatile @Nullable String latestProblem;
    private final Recorder ackMicros = new Recorder(DIGITS);
    private final Recorder lagMicros = new Recorder(DIGITS);
    private final Histogram ackTotal = new Histogram(DIGITS);
    private final Histogram lagTotal = new Histogram(DIGITS);

    /** Remembers the latest trouble, for the summary. */
    void problem(String text) {
        latestProblem = text;
    }

    /** The latest trouble with a connection, or null. */
    public @Nullable String latestProblem() {
        return latestProblem;
    }

    /** A PUBACK, CONNACK or DISCONNECT with a reason code that is no success for the device: 0x10, or 0x80 and more. */
    void countCode(int reasonCode) {
        codes.computeIfAbsent(reasonCode, absent -> new LongAdder()).increment();
    }

    /** @param nanos from the first byte sent to its PUBACK */
    void recordAck(long nanos) {
        ackMicros.recordValue(Math.max(0, nanos / 1_000));
    }

    /** @param nanos from when a message was due to when it was generated: the generator's own lag */
    public void recordLag(long nanos) {
        lagMicros.recordValue(Math.max(0, nanos / 1_000));
    }

    /** Reason codes that were no success, with how often each came. */
    public Map<Integer, Long> codes() {
        Map<Integer, Long> counts = new TreeMap<>();
        codes.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }

    /** Times from sending to PUBACK since the start, µs. A copy. */
    public synchronized Histogram ackTimes() {
        ackTotal.add(ackMicros.getIntervalHistogram());
        return ackTotal.copy();
    }

    /** Lag of the generator since the start, µs. A copy. */
    public synchronized Histogram lags() {
        lagTotal.add(lagMicros.getIntervalHistogram());
        return lagTotal.copy();
    }
}
