package dev.heliograph.query.data.calc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long states held in each bucket, ms; of several series, the sum. Changes of a series come in the order of time. */
public final class StateTimes {
    /** Where further states are counted once there are too many. */
    public static final String OTHERS = "(others)";

    private static final long MICROS_PER_MILLI = 1_000;

    private final Buckets buckets;
    private final long untilMicros;
    private final int most;
    private final Map<String, long[]> micros = new LinkedHashMap<>();
    private @Nullable String state;
    private long since;

    /**
     * Empty times.
     *
     * @param untilMicros now: a state is not known to hold longer
     * @param most states told apart; the rest is {@link #OTHERS}
     */
    public StateTimes(Buckets buckets, long untilMicros, int most) {
        this.buckets = buckets;
        this.untilMicros = Math.min(untilMicros, buckets.end());
        this.most = most;
    }

    /** The state became this; one from before the range may come first. */
    public void change(long atMicros, String to) {
        hold(Math.min(atMicros, untilMicros));
        state = to;
        since = atMicros;
    }

    /** Ends a series. */
    public void end() {
        hold(untilMicros);
        state = null;
    }

    private void hold(long until) {
        String held = state;
        if (held == null) {
            return;
        }
        long at = Math.max(since, buckets.start());
        while (at < until) {
            int bucket = buckets.indexOf(at);
            long end = Math.min(until, buckets.edge(bucket + 1));
            of(held)[bucket] += end - at;
            at = end;
        }
    }

    private long[] of(String held) {
        String name = micros.containsKey(held) || micros.size() < most ? held : OTHERS;
        return micros.computeIfAbsent(name, any -> new long[buckets.size()]);
    }

    /** Milliseconds by state and bucket, states by name. */
    public Map<String, long[]> millis() {
        Map<String, long[]> millis = new java.util.TreeMap<>();
        micros.forEach((name, times) -> {
            long[] rounded = new long[times.length];
            for (int i = 0; i < times.length; i++) {
                rounded[i] = times[i] / MICROS_PER_MILLI;
            }
            millis.put(name, rounded);
        });
        return millis;
    }
}
