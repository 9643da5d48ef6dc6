package dev.heliograph.model.presence;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics of a device have fallen silent while the device goes on: a dead sensor, told apart from a dead device.
 *
 * <p>A metric is silent when the device was heard for {@link PresencePolicy#silentFactor} of the metric's own intervals
 * without it. Its interval is learned: the longest of the last five, or four times their median if that is less, so that a
 * metric that comes irregularly is not missed too soon. Nothing is judged before three intervals are known, and states
 * never are: they are sent when they change.
 *
 * <p>Only arrivals decide, never the clock: where nothing arrives, because the device or the platform is away, nothing
 * falls silent. After such a time the device gets a fresh start: a metric is missed by the time since then.
 *
 * <p>Bound: the first {@value #MAX_METRICS} metrics of a device. Not thread-safe. All times are microseconds since the epoch
 * of the platform's clock.
 */
public final class MetricSilence {
    static final int MAX_METRICS = 256;
    private static final int REMEMBERED_INTERVALS = 5;
    private static final int INTERVALS_TO_LEARN = 3;
    private static final int MOST_MEDIANS = 4;
    private static final long NEVER = Long.MIN_VALUE;

    private final PresencePolicy policy;
    private final Map<MetricName, Track> tracks = new LinkedHashMap<>();
    private long freshSince = NEVER;
    private boolean changed;

    /** What is known of one metric. */
    private static final class Track {
        private final long[] intervals = new long[REMEMBERED_INTERVALS];
        private int count;
        private int next;
        private long lastSeen;
        private boolean silent;

        void seen(long received, long freshSince) {
            long missedFrom = Math.max(lastSeen, freshSince);
            // The time of its silence says nothing about how often it comes.
            if (received > missedFrom && !silent) {
                intervals[next] = received - missedFrom;
                next = (next + 1) % REMEMBERED_INTERVALS;
                count = Math.min(count + 1, REMEMBERED_INTERVALS);
            }
            lastSeen = Math.max(lastSeen, received);
        }

        boolean isOverdue(long received, long freshSince, PresencePolicy policy) {
            if (count < INTERVALS_TO_LEARN) {
                return false;
            }
            long[] sorted = Arrays.copyOf(intervals, count);
            Arrays.sort(sorted);
            long longest = Math.min(sorted[count - 1], MOST_MEDIANS * sorted[count / 2]);
            long expected = Math.max(longest, policy.minimumInterval().toNanos() / 1_000);
            return received - Math.max(lastSeen, freshSince) > expected * policy.silentFactor();
        }
    }

    /** A device that was never heard of. */
    public MetricSilence(PresencePolicy policy) {
        this.policy = policy;
    }

    /**
     * Notes the metrics of a reading.
     *
     * @param receivedMicros when it was received; later than now counts as now
     * @param wasAway whether the device had been silent until then, see {@link DevicePresence#onReading}
     */
    public void onReading(List<Sample> samples, long receivedMicros, boolean wasAway, long nowMicros) {
        long received = Math.min(receivedMicros, nowMicros);
        if (wasAway) {
            freshSince = Math.max(freshSince, received);
        }
        for (Sample sample : samples) {
            if (!(sample instanceof Sample.State)) {
                seen(sample.metric(), received);
            }
        }
        for (Track track : tracks.values()) {
            if (!track.silent && track.isOverdue(received, freshSince, policy)) {
                track.silent = true;
                changed = true;
            }
        }
    }

    private void seen(MetricName metric, long received) {
        Track track = tracks.get(metric);
        if (track == null) {
            if (tracks.size() < MAX_METRICS) {
                Track fresh = new Track();
                fresh.lastSeen = received;
                tracks.put(metric, fresh);
            }
            return;
        }
        track.seen(received, freshSince);
        changed |= track.silent;
        track.silent = false;
    }

    /** When a metric was last received, µs; null where it never was, is a state or beyond the bound. */
    public @Nullable Long lastSeenMicros(MetricName metric) {
        Track track = tracks.get(metric);
        return track == null ? null : Long.valueOf(track.lastSeen);
    }

    /** Whether a metric fell silent or came back since the last call. */
    public boolean takeChange() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** The names of the silent metrics, sorted. */
    public List<String> silentMetrics() {
        return tracks.entrySet().stream()
                .filter(entry -> entry.getValue().silent)
                .map(entry -> entry.getKey().value())
                .sorted()
                .toList();
    }

    /** Appends everything that is known; a change that was not taken is lost. */
    public void writeTo(StateWriter out) {
        out.writeLong(freshSince);
        writeTracks(out, NEVER);
    }

    /** The same for a former version to read, which counts a fresh start of the device as the receipt of its metrics. */
    public void writeWithoutFreshStart(StateWriter out) {
        writeTracks(out, freshSince);
    }

    private void writeTracks(StateWriter out, long seenAtLeast) {
        out.writeLong(tracks.size());
        tracks.forEach((metric, track) -> {
            out.writeText(metric.value()).writeFlag(track.silent).writeLong(Math.max(track.lastSeen, seenAtLeast));
            out.writeByte(track.next).writeByte(track.count);
            for (int i = 0; i < track.count; i++) {
                out.writeLong(track.intervals[i]);
            }
        });
    }

    /** Reads what {@link #writeTo} wrote. */
    public static MetricSilence readFrom(StateReader in, PresencePolicy policy) {
        MetricSilence silence = new MetricSilence(policy);
        silence.freshSince = in.readLong();
        return silence.readTracks(in);
    }

    /**
     * Reads what a former version wrote, which did not keep apart when a metric was last received and when the device had its
     * fresh start: the later of the two counts as the former.
     */
    public static MetricSilence readWithoutFreshStart(StateReader in, PresencePolicy policy) {
        return new MetricSilence(policy).readTracks(in);
    }

    private MetricSilence readTracks(StateReader in) {
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            MetricName metric = new MetricName(in.readText());
            Track track = new Track();
            track.silent = Boolean.TRUE.equals(in.readFlag());
            track.lastSeen = in.readLong();
            track.next = in.readByte();
            track.count = in.readByte();
            for (int k = 0; k < track.count; k++) {
                track.intervals[k] = in.readLong();
            }
            tracks.put(metric, track);
        }
        return this;
    }
}
