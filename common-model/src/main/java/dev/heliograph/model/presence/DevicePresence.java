package dev.heliograph.model.presence;

import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Presence of one device.
 *
 * <p>A reading makes it reporting, whatever its session says; the end of its session after its last reading makes it
 * offline; time without a reading makes it late and then silent, measured by the declared interval or the median of its
 * recent ones. While readings may be waiting in the pipeline, nothing is called late or silent that was not so before:
 * the pipeline is behind then, not the device.
 *
 * <p>Of several connections the one that was told last is its session: what became of another one says nothing, as a device
 * that has moved to another gateway leaves its old connection there, which ends when it is missed. A connection is known by
 * the time of its begin and by nothing else of it, as gateways may have clocks that are wrong. Only where what is told
 * of one device may have overtaken each other on its way do times decide: what is older by up to {@value #LATEST_MICROS} µs
 * is late, what is older by more has another clock.
 *
 * <p>Not thread-safe. All times are microseconds since the epoch of the platform's clock.
 */
public final class DevicePresence {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int REMEMBERED_INTERVALS = 9;
    private static final int INTERVALS_TO_LEARN = 3;
    /** A quarter of an hour: longer than a gateway tries to hand to Kafka what it has to tell. */
    private static final long LATEST_MICROS = 900_000_000;

    private final PresencePolicy policy;
    private final long[] intervals = new long[REMEMBERED_INTERVALS];
    private int intervalCount;
    private int nextInterval;
    private long lastSeen = NEVER;
    private long lastSample = NEVER;
    private long sessionAt = NEVER;
    private long sessionSince = NEVER;
    private @Nullable Boolean connected;
    private @Nullable Duration declared;
    private PresenceState state = PresenceState.UNKNOWN;
    private long since = NEVER;

    /** A device that was never heard of. */
    public DevicePresence(PresencePolicy policy) {
        this.policy = policy;
    }

    /** Sets what the registry says of its interval; null: learn it. Takes effect at the next {@link #evaluate}. */
    public void declareInterval(@Nullable Duration interval) {
        declared = interval;
    }

    /**
     * Notes a reading.
     *
     * @param receivedMicros when it was received; later than now counts as now
     * @param sampleMicros its time by the device's clock
     * @return whether the device had been silent until this reading was received, or was never heard before
     */
    public boolean onReading(long receivedMicros, long sampleMicros, long nowMicros) {
        long received = Math.min(receivedMicros, nowMicros);
        boolean wasAway = lastSeen == NEVER || received - lastSeen > after(policy.silentFactor());
        // Readings of one message arrive together; only the time between arrivals says how often it reports.
        if (lastSeen != NEVER && received > lastSeen) {
            intervals[nextInterval] = received - lastSeen;
            nextInterval = (nextInterval + 1) % REMEMBERED_INTERVALS;
            intervalCount = Math.min(intervalCount + 1, REMEMBERED_INTERVALS);
        }
        lastSeen = Math.max(lastSeen, received);
        lastSample = Math.max(lastSample, sampleMicros);
        return wasAway;
    }

    /**
     * Notes a connection or its end; what is late, and the end of a connection that is not the session, is passed over.
     *
     * @param atMicros when that was; later than now counts as now
     * @param sinceMicros when that connection began, by which it is known; null where the gateway did not say
     */
    public void onSession(boolean isConnected, long atMicros, @Nullable Long sinceMicros, long nowMicros) {
        if (sinceMicros != null && !isConnected) {
            if (sessionSince == NEVER || sessionSince == sinceMicros) {
                note(false, atMicros, nowMicros);
            }
            return;
        }
        onStatus(isConnected, atMicros, sinceMicros, nowMicros);
    }

    /**
     * Notes that the device is said to be there or to go, by itself or by an edge node; what is late is passed over, and what
     * an edge node says by an older connection than the session.
     *
     * @param atMicros when that was; later than now counts as now
     * @param sinceMicros when the connection of the edge node began; null where there is none
     */
    public void onStatus(boolean isThere, long atMicros, @Nullable Long sinceMicros, long nowMicros) {
        if (sinceMicros == null) {
            if (isLate(Math.min(atMicros, nowMicros), sessionAt)) {
                return;
            }
        } else if (isThere) {
            if (isLate(sinceMicros, sessionSince)) {
                return;
            }
            sessionSince = sinceMicros;
        } else if (sinceMicros < sessionSince) {
            // A newer one counts, though it was not told: an edge node does not say again who is behind it.
            return;
        }
        note(isThere, atMicros, nowMicros);
    }

    private void note(boolean stands, long atMicros, long nowMicros) {
        sessionAt = Math.min(atMicros, nowMicros);
        connected = stands;
    }

    private static boolean isLate(long told, long known) {
        return known != NEVER && told < known && known - told <= LATEST_MICROS;
    }

    /**
     * The change that has come about, or empty.
     *
     * @param catchingUp whether readings may be waiting before this stage
     */
    public Optional<PresenceChange> evaluate(long nowMicros, boolean catchingUp) {
        PresenceState next = stateAt(nowMicros, catchingUp);
        if (next == state) {
            return Optional.empty();
        }
        PresenceState previous = state;
        state = next;
        // What makes it so may lie before what made it otherwise: a session that stands again, a longer interval, or a
        // reading that was on its way. Whoever stores the newest state goes by this time, so it never goes back.
        since = Math.max(since, beginOf(next));
        return Optional.of(new PresenceChange(next, previous, since));
    }

    private PresenceState stateAt(long now, boolean catchingUp) {
        if (Boolean.FALSE.equals(connected) && sessionAt >= lastSeen) {
            return PresenceState.OFFLINE;
        }
        if (lastSeen == NEVER) {
            return PresenceState.UNKNOWN;
        }
        long age = now - lastSeen;
        PresenceState byAge = age > after(policy.silentFactor())
                ? PresenceState.SILENT
                : age > after(policy.lateFactor()) ? PresenceState.LATE : PresenceState.REPORTING;
        boolean worse = byAge.compareTo(PresenceState.REPORTING) > 0 && byAge != state;
        if (!catchingUp || !worse) {
            return byAge;
        }
        return state == PresenceState.LATE || state == PresenceState.SILENT ? state : PresenceState.REPORTING;
    }

    private long beginOf(PresenceState entered) {
        return switch (entered) {
            case UNKNOWN -> 0;
            case REPORTING -> lastSeen;
            case LATE -> lastSeen + after(policy.lateFactor());
            case SILENT -> lastSeen + after(policy.silentFactor());
            case OFFLINE -> sessionAt;
        };
    }

    private long after(double factor) {
        return (long) (expectedMicros() * factor);
    }

    private long expectedMicros() {
        long least = policy.minimumInterval().toNanos() / 1_000;
        Duration stated = declared;
        if (stated != null) {
            return Math.max(least, stated.toNanos() / 1_000);
        }
        if (intervalCount < INTERVALS_TO_LEARN) {
            return Math.max(least, policy.defaultInterval().toNanos() / 1_000);
        }
        long[] sorted = Arrays.copyOf(intervals, intervalCount);
        Arrays.sort(sorted);
        return Math.max(least, sorted[intervalCount / 2]);
    }

    /** When {@link #evaluate} can find a change without a further event, µs since the epoch; {@link Long#MAX_VALUE} if never. */
    public long dueMicros() {
        return switch (state) {
            case REPORTING -> lastSeen + after(policy.lateFactor()) + 1;
            case LATE -> lastSeen + after(policy.silentFactor()) + 1;
            case UNKNOWN, SILENT, OFFLINE -> Long.MAX_VALUE;
        };
    }

    /** The state as of the last {@link #evaluate}. */
    public PresenceState state() {
        return state;
    }

    /** When that state began, µs; never before the state that it follows; 0 while unknown. */
    public long sinceMicros() {
        return since == NEVER ? 0 : since;
    }

    /** When its last reading was received, µs, or null. */
    public @Nullable Long lastSeenMicros() {
        return lastSeen == NEVER ? null : Long.valueOf(lastSeen);
    }

    /** The newest time in its readings by its own clock, µs, or null. */
    public @Nullable Long lastSampleMicros() {
        return lastSample == NEVER ? null : Long.valueOf(lastSample);
    }

    /** Whether its session stands; null where none was ever seen. */
    public @Nullable Boolean connected() {
        return connected;
    }

    /** The interval that is expected now; null as long as it is neither declared nor learned. */
    public @Nullable Duration expectedInterval() {
        boolean known = declared != null || intervalCount >= INTERVALS_TO_LEARN;
        return known ? Duration.ofNanos(expectedMicros() * 1_000) : null;
    }

    /** Appends everything that is known, save the declared interval, which the registry keeps. */
    public void writeTo(StateWriter out) {
        writeTo(out, true);
    }

    /** The same without when the session began, for a former version to read. */
    public void writeWithoutSince(StateWriter out) {
        writeTo(out, false);
    }

    private void writeTo(StateWriter out, boolean withSince) {
        out.writeByte(state.ordinal()).writeLong(since).writeLong(lastSeen).writeLong(lastSample);
        out.writeLong(sessionAt);
        if (withSince) {
            out.writeLong(sessionSince);
        }
        out.writeFlag(connected);
        out.writeByte(nextInterval).writeByte(intervalCount);
        for (int i = 0; i < intervalCount; i++) {
            out.writeLong(intervals[i]);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static DevicePresence readFrom(StateReader in, PresencePolicy policy) {
        return readFrom(in, policy, true);
    }

    /** Reads what was written before it was kept when the session began. */
    public static DevicePresence readWithoutSince(StateReader in, PresencePolicy policy) {
        return readFrom(in, policy, false);
    }

    private static DevicePresence readFrom(StateReader in, PresencePolicy policy, boolean withSince) {
        DevicePresence presence = new DevicePresence(policy);
        presence.state = PresenceState.values()[in.readByte()];
        presence.since = in.readLong();
        presence.lastSeen = in.readLong();
        presence.lastSample = in.readLong();
        presence.sessionAt = in.readLong();
        presence.sessionSince = withSince ? in.readLong() : NEVER;
        presence.connected = in.readFlag();
        presence.nextInterval = in.readByte();
        presence.intervalCount = in.readByte();
        for (int i = 0; i < presence.intervalCount; i++) {
            presence.intervals[i] = in.readLong();
        }
        return presence;
    }
}
