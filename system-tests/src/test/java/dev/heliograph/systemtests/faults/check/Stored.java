package dev.heliograph.systemtests.faults.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the database holds of one tenant. Times are µs since the epoch. Lists, not maps: that something is there twice must
 * be seen.
 */
public record Stored(
        List<Measurement> measurements,
        List<State> states,
        List<Refused> quarantine,
        List<Window> windows,
        List<Latest> latest,
        List<Transition> transitions,
        List<OpenAlert> alerts,
        List<LedgerLine> ledger,
        List<String> audit) {

    /** A series at an instant. */
    public record Key(String device, String metric, long micros) {
        @Override
        public String toString() {
            return device + "/" + metric + "@" + micros;
        }
    }

    /** A number that was measured. */
    public record Measurement(Key key, double value) {}

    /** A text that was reported. */
    public record State(Key key, String text) {}

    /** A row of the quarantine: the same input, refused for the same reason so many times. */
    public record Refused(String device, String reason, String sha256, String payload, long count) {}

    /** A row of a table of windows. */
    public record Window(
            String size,
            String device,
            String metric,
            long start,
            long count,
            double sum,
            double min,
            double max,
            double first,
            long firstTs,
            double last,
            long lastTs) {}

    /** The newest sample of a series; one of value and text is null. */
    public record Latest(
            String device,
            String metric,
            long micros,
            @Nullable Double value,
            @Nullable String text) {}

    /** A step of an alert. */
    public record Transition(
            String id,
            String alert,
            String device,
            String rule,
            String from,
            String to,
            @Nullable Double value,
            long dataMicros) {
        /** What a reference that does not know ids can say of it. */
        String step() {
            return from + ">" + to + " at " + dataMicros + " by " + value;
        }
    }

    /** The state that the table of alerts shows. */
    public record OpenAlert(String id, String state) {}

    /** A minute of the ledger. */
    public record LedgerLine(long minute, long received, long stored, long duplicate, long quarantined) {}

    public Stored {
        measurements = List.copyOf(measurements);
        states = List.copyOf(states);
        quarantine = List.copyOf(quarantine);
        windows = List.copyOf(windows);
        latest = List.copyOf(latest);
        transitions = List.copyOf(transitions);
        alerts = List.copyOf(alerts);
        ledger = List.copyOf(ledger);
        audit = List.copyOf(audit);
    }
}
