package dev.heliograph.systemtests.faults.check;

import dev.heliograph.model.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that a run of one tenant leaves to be judged.
 *
 * @param sent the messages of the devices
 * @param stored the database
 * @param readings the topic of readings, by partition and offset
 * @param transitions the topic of alert transitions, by partition and offset, committed records only
 * @param rules the rules of the tenant, by id
 * @param unjudged devices whose alerts are not compared: they began before the rules were known to be in force
 * @param viewed what the live stream showed
 * @param steps backward steps of a newest value that somebody saw while the fault was on
 * @param foreign words of another tenant that were found in what this one was shown
 * @param bounds use of resources, with its bound
 * @param recovery how long it took to recover, with its bound
 * @param changes how often each change was made through the API, by its name in the audit
 */
public record Evidence(
        List<Sent> sent,
        Stored stored,
        List<Reading> readings,
        List<Stored.Transition> transitions,
        Map<String, ThresholdRule> rules,
        Set<String> unjudged,
        Viewed viewed,
        List<String> steps,
        List<String> foreign,
        List<Bound> bounds,
        Recovery recovery,
        Map<String, Long> changes) {

    /** A rule as the suite made it; µs. */
    public record ThresholdRule(String metric, double above, double clear, long holdMicros) {}

    /**
     * What a viewer of the live stream got.
     *
     * @param transitions ids of alert steps, in the order of their coming
     * @param resets how often it was told that it missed something
     * @param reconnects how often it came back
     */
    public record Viewed(List<String> transitions, int resets, int reconnects) {}

    /** A resource, the most that was seen of it, and the most that it may be. */
    public record Bound(String what, double seen, double most) {}

    /**
     * Times after the fault was over.
     *
     * @param firstAnswer until a device got an acknowledgement again
     * @param settled from the end of the load until nothing was left to do
     * @param answerLimit the most that the first may be
     * @param settleLimit the most that the second may be
     */
    public record Recovery(Duration firstAnswer, Duration settled, Duration answerLimit, Duration settleLimit) {}

    public Evidence {
        sent = List.copyOf(sent);
        readings = List.copyOf(readings);
        transitions = List.copyOf(transitions);
        rules = Map.copyOf(rules);
        unjudged = Set.copyOf(unjudged);
        steps = List.copyOf(steps);
        foreign = List.copyOf(foreign);
        bounds = List.copyOf(bounds);
        changes = Map.copyOf(changes);
    }
}
