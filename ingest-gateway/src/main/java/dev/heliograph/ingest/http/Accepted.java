package dev.heliograph.ingest.http;

import dev.heliograph.ingest.funnel.Outcome;
import java.util.List;

/**
 * The answer to a body of which something was taken.
 *
 * @param items parts of the body: readings, records of SenML or lines
 * @param accepted readings that are safe
 * @param refused what was not taken; every part that is not in it was
 */
record Accepted(int items, int accepted, List<Part> refused) {

    /** One part that was refused; the index counts the parts of the body from 0. */
    record Part(int index, String reason, String detail, String pointer) {}

    static Accepted of(Outcome outcome) {
        return new Accepted(
                outcome.items(),
                outcome.readings().size(),
                outcome.refusals().stream()
                        .map(refusal -> new Part(
                                Math.max(0, refusal.index()),
                                refusal.reason().code(),
                                refusal.detail(),
                                refusal.pointer()))
                        .toList());
    }
}
