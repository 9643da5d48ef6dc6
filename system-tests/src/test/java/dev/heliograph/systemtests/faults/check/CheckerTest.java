package dev.heliograph.systemtests.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.systemtests.faults.check.Evidence.Bound;
import dev.heliograph.systemtests.faults.check.Evidence.Recovery;
import dev.heliograph.systemtests.faults.check.Evidence.ThresholdRule;
import dev.heliograph.systemtests.faults.check.Evidence.Viewed;
import dev.heliograph.systemtests.faults.check.Stored.Key;
import dev.heliograph.systemtests.faults.check.Stored.LedgerLine;
import dev.heliograph.systemtests.faults.check.Stored.Measurement;
import dev.heliograph.systemtests.faults.check.Stored.Refused;
import dev.heliograph.systemtests.faults.check.Stored.Transition;
import dev.heliograph.systemtests.faults.check.Stored.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker is worth what it finds: each is handed a sound run and one that was doctored. */
class CheckerTest {
    private static final String DEVICE = "boiler-1";
    private static final String METRIC = "level";
    private static final String RULE = "rule-1";
    private static final long SECOND = 1_000_000;
    private static final long START = 1_790_000_040 * SECOND;

    /** A run as lists that a test can tamper with. */
    private static final class Case {
        final List<Sent> sent = new ArrayList<>();
        final List<Measurement> measurements = new ArrayList<>();
        final List<Stored.State> states = new ArrayList<>();
        final List<Refused> quarantine = new ArrayList<>();
        final List<Window> windows = new ArrayList<>();
        final List<Stored.Latest> latest = new ArrayList<>();
        final List<Transition> table = new ArrayList<>();
        final List<Transition> topic = new ArrayList<>();
        final List<Stored.OpenAlert> alerts = new ArrayList<>();
        final List<LedgerLine> ledger = new ArrayList<>();
        final List<String> audit = new ArrayList<>(List.of("rule.create"));
        final List<Reading> readings = new ArrayList<>();
        final List<String> shown = new ArrayList<>();
        final List<String> steps = new ArrayList<>();
        final List<String> foreign = new ArrayList<>();
        final List<Bound> bounds = new ArrayList<>(List.of(new Bound("threads", 10, 100)));
        Recovery recovery = new Recovery(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));

        Evidence evidence() {
            Stored stored = new Stored(measurements, states, quarantine, windows, latest, table, alerts, ledger, audit);
            return new Evidence(
                    sent,
                    stored,
                    readings,
                    topic,
                    Map.of(RULE, new ThresholdRule(METRIC, 10, 5, SECOND)),
                    Set.of(),
                    new Viewed(shown, 0, 0),
                    steps,
                    foreign,
                    bounds,
                    recovery,
                    Map.of("rule.create", 1L));
        }
    }

    /** Six readings within a minute, one refused payload, and an alert that fires and resolves. */
    private static Case sound() {
        Case run = new Case();
        double[] values = {1, 20, 21, 3, 4, 0.1};
        for (int i = 0; i < values.length; i++) {
            long micros = START + i * SECOND;
            byte[] payload = ("{\"ts\":%d,\"metrics\":{\"level\":%s,\"mode\":\"on\"}}"
                            .formatted(micros / 1_000, values[i]))
                    .getBytes(StandardCharsets.UTF_8);
            run.sent.add(Sent.of(DEVICE, payload, true, 1, Sent.Verdict.ACKNOWLEDGED));
            Key key = new Key(DEVICE, METRIC, micros);
            run.measurements.add(new Measurement(key, values[i]));
            run.states.add(new Stored.State(new Key(DEVICE, "mode", micros), "on"));
            run.readings.add(new Reading(
                    DeviceKey.of("tenant", DEVICE),
                    micros,
                    micros,
                    null,
                    List.of(new Sample.Measurement(new MetricName(METRIC), values[i])),
                    null,
                    Transport.MQTT,
                    Set.of()));
        }
        byte[] broken = "{".getBytes(StandardCharsets.UTF_8);
        run.sent.add(Sent.of(DEVICE, broken, false, 1, Sent.Verdict.REFUSED));
        run.quarantine.add(new Refused(DEVICE, "JSON", Sent.sha256(broken), "{", 1));
        long last = START + 5 * SECOND;
        for (String size : List.of("10s", "1m")) {
            run.windows.add(new Window(size, DEVICE, METRIC, START, 6, 49.1, 0.1, 21, 1, START, 0.1, last));
        }
        run.latest.add(new Stored.Latest(DEVICE, METRIC, last, 0.1, null));
        run.latest.add(new Stored.Latest(DEVICE, "mode", last, null, "on"));
        run.topic.add(step("1", "ok", "pending", 20, START + SECOND));
        run.topic.add(step("2", "pending", "firing", 21, START + 2 * SECOND));
        run.topic.add(step("3", "firing", "resolved", 3, START + 3 * SECOND));
        run.table.addAll(run.topic);
        run.alerts.add(new Stored.OpenAlert("alert-1", "resolved"));
        run.shown.addAll(List.of("1", "2", "3"));
        run.ledger.add(new LedgerLine(START, 14, 12, 1, 1));
        return run;
    }

    private static Transition step(String id, String from, String to, double value, long micros) {
        return new Transition(id, "alert-1", DEVICE, RULE, from, to, value, micros);
    }

    static Stream<Arguments> doctored() {
        return Stream.of(
                doctored(Checker.C1_NO_LOSS, "a row is gone", run -> {
                    run.measurements.remove(2);
                }),
                doctored(
                        Checker.C1_NO_LOSS,
                        "what a broker is said to have forgotten is there",
                        run -> run.sent.set(0, run.sent.getFirst().forgotten())),
                doctored(Checker.C1_NO_LOSS, "a state is gone", run -> run.states.remove(1)),
                doctored(Checker.C1_NO_LOSS, "a refusal is gone", run -> run.quarantine.clear()),
                doctored(
                        Checker.C1_NO_LOSS,
                        "another value is there and this one is not in quarantine",
                        run -> run.measurements.set(
                                0, new Measurement(run.measurements.getFirst().key(), 1.5))),
                doctored(
                        Checker.C2_NO_DUPLICATE,
                        "a row is there twice",
                        run -> run.measurements.add(run.measurements.getFirst())),
                doctored(
                        Checker.C2_NO_DUPLICATE,
                        "a payload is in quarantine more often than it was sent",
                        run -> run.quarantine.add(run.quarantine.getFirst())),
                doctored(
                        Checker.C3_NO_INVENTION,
                        "one bit of a value differs",
                        run -> run.measurements.set(
                                0, new Measurement(run.measurements.getFirst().key(), Math.nextUp(1.0)))),
                doctored(
                        Checker.C3_NO_INVENTION,
                        "a row is of another device",
                        run -> run.measurements.add(new Measurement(new Key("boiler-2", METRIC, START), 1))),
                doctored(
                        Checker.C3_NO_INVENTION,
                        "a state nobody sent",
                        run -> run.states.add(new Stored.State(new Key(DEVICE, "mode", START - 1), "off"))),
                doctored(Checker.C4_WINDOWS, "a window counts one twice", run -> run.windows.set(0, counting(7, 49.1))),
                doctored(Checker.C4_WINDOWS, "a window has another sum", run -> run.windows.set(0, counting(6, 49.2))),
                doctored(Checker.C4_WINDOWS, "a window is missing", run -> run.windows.removeLast()),
                doctored(Checker.C4_WINDOWS, "a window is there twice", run -> run.windows.add(run.windows.getFirst())),
                doctored(Checker.C5_ALERTS, "a step is not stored", run -> run.table.removeLast()),
                doctored(Checker.C5_ALERTS, "a step is in the topic twice", run -> run.topic.add(run.topic.getLast())),
                doctored(Checker.C5_ALERTS, "an alert never fired", run -> {
                    run.topic.remove(1);
                    run.table.remove(1);
                }),
                doctored(
                        Checker.C5_ALERTS,
                        "the table shows another state than the last step",
                        run -> run.alerts.set(0, new Stored.OpenAlert("alert-1", "firing"))),
                doctored(Checker.C5_ALERTS, "an alert that no reading explains", run -> {
                    Transition ghost =
                            new Transition("9", "alert-9", DEVICE, RULE, "ok", "pending", 30.0, START + 5 * SECOND);
                    run.topic.add(ghost);
                    run.table.add(ghost);
                }),
                doctored(
                        Checker.C6_LATEST,
                        "the newest value is an older one",
                        run -> run.latest.set(0, new Stored.Latest(DEVICE, METRIC, START + 4 * SECOND, 4.0, null))),
                doctored(Checker.C6_LATEST, "somebody saw it go back", run -> run.steps.add("went back")),
                doctored(Checker.C7_ISOLATION, "a foreign word", run -> run.foreign.add("shows a canary")),
                doctored(Checker.C8_BOUNDED, "too many threads", run -> run.bounds.add(new Bound("threads", 101, 100))),
                doctored(
                        Checker.C9_LIVENESS,
                        "no answer for too long",
                        run -> run.recovery = new Recovery(
                                Duration.ofSeconds(11), Duration.ZERO, Duration.ofSeconds(10), Duration.ofSeconds(60))),
                doctored(Checker.C10_STREAM, "a step was never shown", run -> run.shown.removeLast()),
                doctored(Checker.C10_STREAM, "a step was shown twice", run -> run.shown.add("3")),
                doctored(Checker.C10_STREAM, "a step was shown that was never decided", run -> run.shown.add("4")),
                doctored(Checker.C12_AUDIT, "a change left no trace", run -> run.audit.clear()),
                doctored(
                        Checker.LEDGER,
                        "a minute does not balance",
                        run -> run.ledger.set(0, new LedgerLine(START, 15, 12, 1, 1))),
                doctored(
                        Checker.LEDGER,
                        "more rows than were counted",
                        run -> run.ledger.set(0, new LedgerLine(START, 13, 11, 1, 1))));
    }

    private static Window counting(long count, double sum) {
        return new Window("10s", DEVICE, METRIC, START, count, sum, 0.1, 21, 1, START, 0.1, START + 5 * SECOND);
    }

    private static Arguments doctored(Checker checker, String what, Consumer<Case> tamper) {
        return Arguments.of(checker, what, tamper);
    }

    @Test
    void givenASoundRun_whenJudged_thenNothingIsBroken() {
        Evidence evidence = sound().evidence();

        Map<Checker, List<String>> broken = Checker.judge(evidence);

        assertThat(broken).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("doctored")
    void givenADoctoredRun_whenJudged_thenItsCheckerFindsIt(Checker checker, String what, Consumer<Case> tamper) {
        Case run = sound();
        tamper.accept(run);

        Map<Checker, List<String>> broken = Checker.judge(run.evidence());

        assertThat(broken).as(what).containsKey(checker);
    }

    @Test
    void givenTwoValuesForOneInstant_whenTheSecondIsInQuarantine_thenNothingIsLost() {
        Case run = sound();
        byte[] other =
                ("{\"ts\":%d,\"metrics\":{\"level\":2.5}}".formatted(START / 1_000)).getBytes(StandardCharsets.UTF_8);
        run.sent.add(Sent.of(DEVICE, other, true, 1, Sent.Verdict.ACKNOWLEDGED));
        run.quarantine.add(new Refused(DEVICE, "CONFLICT", "any", "level=2.5 at " + START, 1));

        List<String> lost = Checker.C1_NO_LOSS.problems(run.evidence());

        assertThat(lost).isEmpty();
    }

    @Test
    void givenASampleThatTheDatabaseRefused_whenItIsInQuarantine_thenNothingIsLost() {
        Case run = sound();
        long later = START + 7 * SECOND;
        byte[] state = ("{\"ts\":%d,\"metrics\":{\"mode\":\"odd\"}}".formatted(later / 1_000))
                .getBytes(StandardCharsets.UTF_8);
        run.sent.add(Sent.of(DEVICE, state, true, 1, Sent.Verdict.ACKNOWLEDGED));
        List<String> without = Checker.C1_NO_LOSS.problems(run.evidence());
        run.quarantine.add(new Refused(DEVICE, "DATABASE", "any", "mode=odd at " + later, 1));

        List<String> with = Checker.C1_NO_LOSS.problems(run.evidence());

        assertThat(without).hasSize(1);
        assertThat(with).isEmpty();
    }

    @Test
    void givenAnUnansweredMessage_whenItIsStoredOrNot_thenBothAreRight() {
        Case stored = sound();
        Sent first = stored.sent.getFirst();
        stored.sent.set(
                0,
                new Sent(
                        first.device(),
                        first.micros(),
                        first.numbers(),
                        first.texts(),
                        true,
                        first.sha256(),
                        1,
                        1,
                        Sent.Verdict.OPEN));
        Case absent = sound();
        absent.sent.add(new Sent(
                DEVICE, START + 7 * SECOND, Map.of(METRIC, 1.0), Map.of(), true, "other", 1, 1, Sent.Verdict.OPEN));

        assertThat(Checker.judge(stored.evidence())).isEmpty();
        assertThat(Checker.judge(absent.evidence())).isEmpty();
    }

    @Test
    void givenARunningHour_whenItLagsBehindItsRows_thenItIsFound() {
        Case run = sound();
        long hour = Math.floorDiv(START, 3_600 * SECOND) * 3_600 * SECOND;
        long last = START + 5 * SECOND;
        Case lagging = sound();
        run.windows.add(new Window("1h", DEVICE, METRIC, hour, 6, 49.1, 0.1, 21, 1, START, 0.1, last));
        // What it was before one of its minutes went to the writer for repair; no row contradicts it.
        lagging.windows.add(new Window("1h", DEVICE, METRIC, hour, 5, 49, 1, 21, 1, START, 4, last - SECOND));

        assertThat(WindowCheck.problemsOfHours(run.evidence().stored())).isEmpty();
        assertThat(WindowCheck.problemsOfHours(lagging.evidence().stored()))
                .singleElement()
                .asString()
                .contains("counts 5, there are 6 rows");
        assertThat(WindowCheck.problemsOfHours(sound().evidence().stored()))
                .as("an hour that is not there at all")
                .hasSize(1);
    }

    @Test
    void givenAReplay_whenOneRowDiffers_thenItIsFound() {
        Stored original = sound().evidence().stored();
        Case tampered = sound();
        tampered.measurements.set(
                3, new Measurement(tampered.measurements.get(3).key(), 3.5));

        List<String> same =
                ReplayCheck.differences("tenant", original, sound().evidence().stored());
        List<String> other =
                ReplayCheck.differences("tenant", original, tampered.evidence().stored());

        assertThat(same).isEmpty();
        assertThat(other).hasSize(2);
    }
}
