package dev.heliograph.model.alert;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of one device under the rules that watch it.
 *
 * <p><b>Threshold</b>, by data time: the first breaching sample makes it pending, a breaching sample at least {@code hold}
 * later fires it (at once where the hold is zero), one that does not breach in between ends it quietly. A firing alert
 * resolves when the comparison no longer holds against the clear limit, for {@code clearHold}. Between the limits nothing
 * changes. A sample that is not newer than the newest one evaluated is left out and counted. A quiet device makes no
 * progress: only samples do.
 *
 * <p><b>Absence</b>, by the platform's clock and the time of receipt: no reading for {@code after} (and {@code hold})
 * fires it, the next reading resolves it. It is not raised while readings may be waiting in the pipeline, nor for a device
 * that never reported. With a metric, the same of readings that have it; it is raised whether or not the device reports
 * other metrics, but not where this one was never heard.
 *
 * <p><b>Change of a rule.</b> An alert ends, with an explanation, when its rule is deleted, disabled, changed, or no longer
 * watches the device; a changed rule then starts anew.
 *
 * <p>Not thread-safe. Times are microseconds since the epoch.
 */
public final class DeviceAlerts {
    private final DeviceKey device;
    // One for each watched rule, in the order of the rules' ids, like the watched rules themselves.
    private List<AlertTrack> tracks = new ArrayList<>();
    private List<AlertRule> rules = List.of();

    /** A device without alerts. Call {@link #follow} before anything else. */
    public DeviceAlerts(DeviceKey device) {
        this.device = device;
    }

    /**
     * Takes the rules that are in force now; ends the alerts of those that are not, or not in that version.
     *
     * @param lastHeard when the device last reported a metric, µs, or null where that is not known; asked for rules that are
     *     new, so that the absence of a metric that is missing already is found
     */
    public void follow(
            WatchedRules watched, Function<MetricName, @Nullable Long> lastHeard, long nowMicros, AlertEvents events) {
        List<AlertTrack> next = new ArrayList<>(watched.rules().size());
        Iterator<AlertTrack> old = tracks.iterator();
        AlertTrack candidate = nextOf(old);
        for (AlertRule rule : watched.rules()) {
            while (candidate != null && candidate.rule().compareTo(rule.id()) < 0) {
                end(candidate, watched.whyNot().apply(candidate.rule()), nowMicros, events);
                candidate = nextOf(old);
            }
            if (candidate != null && candidate.rule().equals(rule.id())) {
                next.add(updated(candidate, rule, lastHeard, nowMicros, events));
                candidate = nextOf(old);
            } else {
                next.add(new AlertTrack(rule.id(), rule.version(), begin(rule, lastHeard)));
            }
        }
        for (; candidate != null; candidate = nextOf(old)) {
            end(candidate, watched.whyNot().apply(candidate.rule()), nowMicros, events);
        }
        tracks = next;
        rules = watched.rules();
    }

    private static @Nullable AlertTrack nextOf(Iterator<AlertTrack> tracks) {
        return tracks.hasNext() ? tracks.next() : null;
    }

    private AlertTrack updated(
            AlertTrack track,
            AlertRule rule,
            Function<MetricName, @Nullable Long> lastHeard,
            long now,
            AlertEvents events) {
        if (track.version() != rule.version()) {
            end(track, "the rule was changed to version " + rule.version(), now, events);
            track.restart(rule.version(), begin(rule, lastHeard));
        }
        return track;
    }

    private static long begin(AlertRule rule, Function<MetricName, @Nullable Long> lastHeard) {
        MetricName missed = rule.condition() instanceof Condition.Absence absence ? absence.metric() : null;
        Long heard = missed == null ? null : lastHeard.apply(missed);
        return heard == null ? AlertTrack.NEVER : heard;
    }

    private void end(AlertTrack track, String why, long now, AlertEvents events) {
        if (track.isOpen()) {
            AlertPhase to = track.phase() == AlertPhase.FIRING ? AlertPhase.RESOLVED : AlertPhase.OK;
            long dataTime = track.newest() == AlertTrack.NEVER ? track.since() : track.newest();
            events.transition(
                    track.step(device, to, new AlertTrack.Cause(null, null, dataTime, now), "ended because " + why));
        }
    }

    /** Evaluates the samples of a reading, and ends absences. */
    public void onReading(Reading reading, long nowMicros, AlertEvents events) {
        for (int i = 0; i < rules.size(); i++) {
            AlertRule rule = rules.get(i);
            AlertTrack track = tracks.get(i);
            switch (rule.condition()) {
                case Condition.Threshold threshold -> {
                    Double value = valueOf(threshold.metric(), reading);
                    if (value != null) {
                        evaluate(rule, threshold, track, reading.timeMicros(), value, nowMicros, events);
                    }
                }
                case Condition.Absence absence -> {
                    MetricName missed = absence.metric();
                    if (missed == null || has(missed, reading)) {
                        endAbsence(absence, track, reading, nowMicros, events);
                    }
                }
            }
        }
    }

    private static boolean has(MetricName metric, Reading reading) {
        for (Sample sample : reading.samples()) {
            if (sample.metric().equals(metric)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Double valueOf(MetricName metric, Reading reading) {
        for (Sample sample : reading.samples()) {
            if (sample.metric().equals(metric)) {
                return switch (sample) {
                    case Sample.Measurement measurement -> Double.valueOf(measurement.value());
                    case Sample.Flag flag -> Double.valueOf(flag.asMeasurement());
                    case Sample.State state -> null;
                };
            }
        }
        return null;
    }

    private void evaluate(
            AlertRule rule,
            Condition.Threshold threshold,
            AlertTrack track,
            long time,
            double value,
            long now,
            AlertEvents events) {
        if (!track.moveTo(time)) {
            events.outOfOrder(threshold.metric(), time);
            return;
        }
        var cause = new AlertTrack.Cause(value, threshold.value(), time, now);
        switch (track.phase()) {
            case OK, RESOLVED -> {
                if (threshold.isBreachedBy(value)) {
                    events.transition(begin(rule, threshold, track, value, cause));
                }
            }
            case PENDING -> {
                if (!threshold.isBreachedBy(value)) {
                    String text = Wording.noBreach(threshold, value, threshold.value()) + " after "
                            + Wording.duration(time - track.since());
                    events.transition(track.step(device, AlertPhase.OK, cause, text));
                } else if (time - track.since() >= rule.holdMicros()) {
                    String text = Wording.breach(threshold, value) + Wording.lasting(time - track.since());
                    events.transition(track.step(device, AlertPhase.FIRING, cause, text));
                }
            }
            case FIRING -> whileFiring(rule, threshold, track, time, value, now, events);
        }
    }

    private AlertTransition begin(
            AlertRule rule, Condition.Threshold threshold, AlertTrack track, double value, AlertTrack.Cause cause) {
        String breach = Wording.breach(threshold, value);
        if (rule.holdMicros() == 0) {
            return track.open(device, rule, AlertPhase.FIRING, cause.dataMicros(), cause, breach);
        }
        String text = breach + "; fires if it holds" + Wording.lasting(rule.holdMicros());
        return track.open(device, rule, AlertPhase.PENDING, cause.dataMicros(), cause, text);
    }

    private void whileFiring(
            AlertRule rule,
            Condition.Threshold threshold,
            AlertTrack track,
            long time,
            double value,
            long now,
            AlertEvents events) {
        if (!threshold.isClearedBy(value)) {
            track.notClear();
            return;
        }
        long clearFor = time - track.clearSince(time);
        if (clearFor >= rule.clearHoldMicros()) {
            String text = Wording.noBreach(threshold, value, threshold.clear()) + Wording.lasting(clearFor);
            var cause = new AlertTrack.Cause(value, threshold.clear(), time, now);
            events.transition(track.step(device, AlertPhase.RESOLVED, cause, text));
        }
    }

    private void endAbsence(
            Condition.Absence absence, AlertTrack track, Reading reading, long now, AlertEvents events) {
        long received = Math.min(reading.receivedMicros(), now);
        if (track.isOpen()) {
            long silence = received - (track.since() - micros(absence));
            AlertPhase to = track.phase() == AlertPhase.FIRING ? AlertPhase.RESOLVED : AlertPhase.OK;
            var cause = new AlertTrack.Cause(null, null, received, now);
            String text = Wording.came(absence) + " after " + Wording.duration(silence) + " without one";
            events.transition(track.step(device, to, cause, text));
        }
        if (absence.metric() != null) {
            track.heard(received);
        }
    }

    /**
     * Lets the wall clock raise absences.
     *
     * @param lastSeenMicros when the device's last reading was received; null if it never reported
     * @param catchingUp whether readings may be waiting before this stage
     */
    public void advance(@Nullable Long lastSeenMicros, long nowMicros, boolean catchingUp, AlertEvents events) {
        if (catchingUp) {
            return;
        }
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).condition() instanceof Condition.Absence absence) {
                AlertTrack track = tracks.get(i);
                long heard = lastHeard(absence, track, lastSeenMicros);
                if (heard != AlertTrack.NEVER) {
                    raiseAbsence(rules.get(i), absence, track, heard, nowMicros, events);
                }
            }
        }
    }

    /** When what is missed was received last; {@link AlertTrack#NEVER} where it never was. */
    private static long lastHeard(Condition.Absence absence, AlertTrack track, @Nullable Long lastSeenMicros) {
        if (absence.metric() != null) {
            return track.newest();
        }
        return lastSeenMicros == null ? AlertTrack.NEVER : lastSeenMicros;
    }

    private void raiseAbsence(
            AlertRule rule, Condition.Absence absence, AlertTrack track, long lastSeen, long now, AlertEvents events) {
        long since = lastSeen + micros(absence);
        if (now <= since || track.phase() == AlertPhase.FIRING) {
            return;
        }
        var cause = new AlertTrack.Cause(null, null, lastSeen, now);
        String text = Wording.missing(absence) + " for " + Wording.duration(now - lastSeen) + "; the last came at "
                + Wording.time(lastSeen);
        boolean fires = now - since >= rule.holdMicros();
        if (track.isOpen()) {
            if (fires) {
                events.transition(track.step(device, AlertPhase.FIRING, cause, text));
            }
        } else {
            AlertPhase to = fires ? AlertPhase.FIRING : AlertPhase.PENDING;
            events.transition(track.open(device, rule, to, since, cause, text));
        }
    }

    /** When {@link #advance} has something to do next; {@link Long#MAX_VALUE} if never. */
    public long dueMicros(@Nullable Long lastSeenMicros) {
        long due = Long.MAX_VALUE;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).condition() instanceof Condition.Absence absence) {
                long heard = lastHeard(absence, tracks.get(i), lastSeenMicros);
                if (heard == AlertTrack.NEVER) {
                    continue;
                }
                long since = heard + micros(absence);
                due = switch (tracks.get(i).phase()) {
                    case OK, RESOLVED -> Math.min(due, since + 1);
                    case PENDING ->
                        Math.min(due, since + Math.max(1, rules.get(i).holdMicros()));
                    case FIRING -> due;
                };
            }
        }
        return due;
    }

    private static long micros(Condition.Absence absence) {
        return absence.after().toNanos() / 1_000;
    }

    /** The ids of the rules that have an open alert, pending or firing. */
    public List<UUID> open() {
        return tracks.stream().filter(AlertTrack::isOpen).map(AlertTrack::rule).toList();
    }

    /** Appends where every rule stands. */
    public void writeTo(StateWriter out) {
        out.writeLong(tracks.size());
        tracks.forEach(track -> track.writeTo(out));
    }

    /** Reads what {@link #writeTo} wrote. Call {@link #follow} next. */
    public static DeviceAlerts readFrom(StateReader in, DeviceKey device) {
        DeviceAlerts alerts = new DeviceAlerts(device);
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
            alerts.tracks.add(AlertTrack.readFrom(in));
        }
        return alerts;
    }
}
