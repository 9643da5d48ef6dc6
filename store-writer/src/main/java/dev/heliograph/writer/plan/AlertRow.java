package dev.heliograph.writer.plan;

import dev.heliograph.model.wire.AlertTransitionRecord;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert as a run of its transitions leaves it.
 *
 * @param newest the transition decided last; the later one in the topic where two were decided at once
 * @param pendingSince when the first of the transitions was decided, µs since the epoch
 * @param firingSince when it began to fire, or null if it did not in this run
 * @param resolvedAt when it ended, or null if it did not
 */
public record AlertRow(
        UUID id,
        UUID rule,
        AlertTransitionRecord newest,
        long pendingSince,
        @Nullable Long firingSince,
        @Nullable Long resolvedAt) {

    static AlertRow of(AlertTransitionRecord transition) {
        return new AlertRow(
                UUID.fromString(transition.alert()),
                UUID.fromString(transition.rule()),
                transition,
                transition.decidedAt(),
                transition.to().equals("firing") ? transition.decidedAt() : null,
                isEnd(transition) ? transition.decidedAt() : null);
    }

    AlertRow then(AlertTransitionRecord transition) {
        if (transition.decidedAt() < newest.decidedAt()) {
            return this;
        }
        AlertRow next = of(transition);
        return new AlertRow(
                id,
                rule,
                transition,
                pendingSince,
                firingSince != null ? firingSince : next.firingSince,
                next.resolvedAt);
    }

    /** The state in the table: an alert that was taken back before it fired counts as resolved. */
    public String state() {
        return isEnd(newest) ? "resolved" : newest.to();
    }

    private static boolean isEnd(AlertTransitionRecord transition) {
        return transition.to().equals("resolved") || transition.to().equals("ok");
    }
}
