package dev.heliograph.systemtests.faults.check;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.systemtests.faults.check.Evidence.ThresholdRule;
import dev.heliograph.systemtests.faults.check.Stored.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evaluates the rules over the topic of readings as it is in Kafka, in the plainest way, and compares: the order in which
 * readings arrived decides, whatever happened to the processor meanwhile.
 */
final class AlertCheck {
    private static final Map<String, Set<String>> STEPS = Map.of(
            "ok", Set.of("pending", "firing"),
            "pending", Set.of("ok", "firing"),
            "firing", Set.of("resolved"));

    private AlertCheck() {}

    static List<String> problems(Evidence evidence) {
        List<String> wrong = new ArrayList<>();
        onceAndStored(evidence, wrong);
        alternating(evidence, wrong);
        likeTheReference(evidence, wrong);
        return wrong;
    }

    private static void onceAndStored(Evidence evidence, List<String> wrong) {
        Set<String> inTopic = new HashSet<>();
        for (Transition step : evidence.transitions()) {
            if (!inTopic.add(step.id())) {
                wrong.add("twice in the topic: " + step);
            }
        }
        Set<String> inTable = new HashSet<>();
        for (Transition step : evidence.stored().transitions()) {
            if (!inTable.add(step.id())) {
                wrong.add("twice in the table: " + step);
            }
            if (!inTopic.contains(step.id())) {
                wrong.add("in the table and not in the topic: " + step);
            }
        }
        evidence.transitions().stream()
                .filter(step -> !inTable.contains(step.id()))
                .forEach(step -> wrong.add("in the topic and not in the table: " + step));
    }

    private static void alternating(Evidence evidence, List<String> wrong) {
        Map<String, String> phases = new HashMap<>();
        for (Transition step : evidence.transitions()) {
            String before = phases.getOrDefault(step.alert(), "ok");
            // From "resolved" leads no step: the next episode is another alert.
            if (!before.equals(step.from())
                    || !STEPS.getOrDefault(before, Set.of()).contains(step.to())) {
                wrong.add("from " + before + " it cannot go so: " + step);
            }
            phases.put(step.alert(), step.to());
        }
        for (Stored.OpenAlert alert : evidence.stored().alerts()) {
            String last = phases.get(alert.id());
            String shown = "ok".equals(last) ? "resolved" : last;
            if (!alert.state().equals(shown)) {
                wrong.add("alert " + alert.id() + " is shown as " + alert.state() + ", its last step led to " + last);
            }
        }
    }

    private static void likeTheReference(Evidence evidence, List<String> wrong) {
        Map<String, List<String>> decided = new TreeMap<>();
        for (Transition step : evidence.transitions()) {
            if (!evidence.unjudged().contains(step.device())) {
                decided.computeIfAbsent(step.device() + " under " + step.rule(), key -> new ArrayList<>())
                        .add(step.step());
            }
        }
        Map<String, List<String>> expected = reference(evidence);
        Set<String> all = new TreeSet<>(decided.keySet());
        all.addAll(expected.keySet());
        for (String key : all) {
            List<String> should = expected.getOrDefault(key, List.of());
            List<String> is = decided.getOrDefault(key, List.of());
            if (!should.equals(is)) {
                int at = 0;
                while (at < Math.min(should.size(), is.size()) && should.get(at).equals(is.get(at))) {
                    at++;
                }
                wrong.add(key + ": step " + at + " of " + is.size() + " is "
                        + (at < is.size() ? is.get(at) : "missing") + ", of " + should.size() + " should be "
                        + (at < should.size() ? should.get(at) : "none"));
            }
        }
    }

    private static Map<String, List<String>> reference(Evidence evidence) {
        Map<String, Track> tracks = new TreeMap<>();
        for (Reading reading : evidence.readings()) {
            String device = reading.device().device().value();
            if (evidence.unjudged().contains(device)) {
                continue;
            }
            evidence.rules().forEach((id, rule) -> {
                for (Sample sample : reading.samples()) {
                    if (sample.metric().value().equals(rule.metric()) && sample instanceof Sample.Measurement number) {
                        tracks.computeIfAbsent(device + " under " + id, key -> new Track())
                                .take(rule, reading.timeMicros(), number.value());
                    }
                }
            });
        }
        Map<String, List<String>> steps = new TreeMap<>();
        tracks.forEach((key, track) -> {
            if (!track.steps.isEmpty()) {
                steps.put(key, track.steps);
            }
        });
        return steps;
    }

    /** One rule over one series: the definition, word by word. */
    private static final class Track {
        private final List<String> steps = new ArrayList<>();
        private String phase = "ok";
        private long newest = Long.MIN_VALUE;
        private long since;

        void take(ThresholdRule rule, long time, double value) {
            if (time <= newest) {
                return;
            }
            newest = time;
            switch (phase) {
                case "pending" -> {
                    if (value <= rule.above()) {
                        step("ok", time, value);
                    } else if (time - since >= rule.holdMicros()) {
                        step("firing", time, value);
                    }
                }
                case "firing" -> {
                    if (value <= rule.clear()) {
                        step("resolved", time, value);
                    }
                }
                default -> {
                    if (value > rule.above()) {
                        since = time;
                        step(rule.holdMicros() == 0 ? "firing" : "pending", time, value);
                    }
                }
            }
        }

        private void step(String to, long time, double value) {
            steps.add(phase + ">" + to + " at " + time + " by " + value);
            // What was raised and has ended is at rest again.
            phase = to.equals("resolved") ? "ok" : to;
        }
    }
}
