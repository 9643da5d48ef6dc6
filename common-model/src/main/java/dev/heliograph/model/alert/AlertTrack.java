package dev.heliograph.model.alert;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where one rule stands for one device: its phase, and of an open alert what is needed to end it without the rule. */
final class AlertTrack {
    static final long NEVER = Long.MIN_VALUE;
    private static final int TRANSITIONS_BEFORE_THE_FIRST = 0;

    private final UUID rule;
    private int version;
    private AlertPhase phase = AlertPhase.OK;
    private long newest = NEVER;
    private long since = NEVER;
    private long clearSince = NEVER;
    private int sequence = TRANSITIONS_BEFORE_THE_FIRST;
    private @Nullable Opened opened;

    /** What a rule was when the alert opened. */
    private record Opened(
            String name,
            Severity severity,
            String kind,
            @Nullable MetricName metric) {
        static Opened by(AlertRule rule) {
            Condition condition = rule.condition();
            return new Opened(rule.name(), rule.severity(), condition.kind(), condition.metric());
        }
    }

    /** The sample and the limit that decided a step; both null where time alone did. */
    record Cause(@Nullable Double value, @Nullable Double limit, long dataMicros, long nowMicros) {}

    /** @param newest from when on to look: for the absence of a metric when it was heard last, else {@link #NEVER} */
    AlertTrack(UUID rule, int version, long newest) {
        this.rule = rule;
        this.version = version;
        this.newest = newest;
    }

    UUID rule() {
        return rule;
    }

    int version() {
        return version;
    }

    AlertPhase phase() {
        return phase;
    }

    /** When the condition of the open alert began to hold. */
    long since() {
        return since;
    }

    boolean isOpen() {
        return phase != AlertPhase.OK;
    }

    /** Takes a sample's time in; false where it is not newer than the newest. */
    boolean moveTo(long time) {
        if (time <= newest) {
            return false;
        }
        newest = time;
        return true;
    }

    /** Notes when a metric was heard whose absence is watched. */
    void heard(long received) {
        newest = Math.max(newest, received);
    }

    /**
     * The newest time that was evaluated, or for the absence of a metric when it was heard last; {@link #NEVER} before the
     * first.
     */
    long newest() {
        return newest;
    }

    /** Since when the alert has been clear without a break, this sample included. */
    long clearSince(long time) {
        if (clearSince == NEVER) {
            clearSince = time;
        }
        return clearSince;
    }

    void notClear() {
        clearSince = NEVER;
    }

    /** Continues with another version of the rule, which may be of another kind; the alert must have ended. */
    void restart(int newVersion, long newNewest) {
        version = newVersion;
        newest = newNewest;
        clearSince = NEVER;
    }

    AlertTransition open(
            DeviceKey device, AlertRule by, AlertPhase to, long holdingSince, Cause cause, String explanation) {
        opened = Opened.by(by);
        since = holdingSince;
        sequence = TRANSITIONS_BEFORE_THE_FIRST;
        clearSince = NEVER;
        return step(device, to, cause, explanation);
    }

    AlertTransition step(DeviceKey device, AlertPhase to, Cause cause, String explanation) {
        Opened what = opened;
        if (what == null) {
            throw new IllegalStateException("rule " + rule + " of " + device + ": no open alert to move to " + to);
        }
        AlertPhase from = phase;
        sequence++;
        UUID alert = named("alert/" + device + "/" + what.metric + "/" + rule + "/" + version + "/" + since);
        AlertTransition transition = new AlertTransition(
                named("transition/" + alert + "/" + to + "/" + sequence),
                alert,
                what.metric,
                rule,
                version,
                what.name,
                what.kind,
                what.severity,
                from,
                to,
                cause.value(),
                cause.limit(),
                cause.dataMicros(),
                cause.nowMicros(),
                explanation);
        boolean ended = to == AlertPhase.OK || to == AlertPhase.RESOLVED;
        phase = ended ? AlertPhase.OK : to;
        opened = ended ? null : what;
        return transition;
    }

    private static UUID named(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    void writeTo(StateWriter out) {
        out.writeLong(rule.getMostSignificantBits()).writeLong(rule.getLeastSignificantBits());
        out.writeLong(version).writeByte(phase.ordinal()).writeLong(newest);
        Opened what = opened;
        if (what == null) {
            return;
        }
        MetricName metric = what.metric;
        out.writeLong(since).writeLong(clearSince).writeLong(sequence);
        out.writeText(what.name).writeByte(what.severity.ordinal()).writeText(what.kind);
        out.writeText(metric == null ? "" : metric.value());
    }

    static AlertTrack readFrom(StateReader in) {
        AlertTrack track = new AlertTrack(new UUID(in.readLong(), in.readLong()), in.readCount(), NEVER);
        track.phase = AlertPhase.values()[in.readByte()];
        track.newest = in.readLong();
        if (track.isOpen()) {
            track.since = in.readLong();
            track.clearSince = in.readLong();
            track.sequence = in.readCount();
            String name = in.readText();
            Severity severity = Severity.values()[in.readByte()];
            String kind = in.readText();
            String metric = in.readText();
            track.opened = new Opened(name, severity, kind, metric.isEmpty() ? null : new MetricName(metric));
        }
        return track;
    }
}
