package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.check.Checker;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a fault went.
 *
 * @param id of the fault
 * @param title of the fault
 * @param seed of its chances
 * @param repeats how often it was made and healed
 * @param sent messages that were sent at least once
 * @param acknowledged messages that were acknowledged
 * @param refused messages that were refused
 * @param resent attempts beyond the first of each message
 * @param rows measurements and states that were compared with what was sent
 * @param windows windows that were recomputed
 * @param steps steps of alerts that were compared with the reference
 * @param duplicates second copies that the platform recognised
 * @param slowestAnswer the longest wait of devices for an answer after it had healed
 * @param backlog records that waited to be stored when it had healed
 * @param catchUp how long it took to store them
 * @param settled from the end of the load until every checker was content
 * @param heapMegabytes heap in use after a full collection, by service
 * @param broken problems by checker; empty where all promises were kept
 * @param also what else was wrong
 */
record FaultResult(
        String id,
        String title,
        long seed,
        int repeats,
        long sent,
        long acknowledged,
        long refused,
        long resent,
        long rows,
        long windows,
        long steps,
        long duplicates,
        Duration slowestAnswer,
        long backlog,
        Duration catchUp,
        Duration settled,
        Map<String, Long> heapMegabytes,
        Map<Checker, List<String>> broken,
        List<String> also) {

    /** Whether every promise was kept. */
    boolean isKept() {
        return broken.isEmpty() && also.isEmpty();
    }

    /** What was found, for a person. */
    String describe() {
        StringBuilder text = new StringBuilder(id + " (" + title + "), seed " + seed);
        broken.forEach((checker, problems) ->
                text.append("\n  ").append(checker).append("\n    ").append(String.join("\n    ", problems)));
        also.forEach(problem -> text.append("\n  ").append(problem));
        return text.toString();
    }
}
