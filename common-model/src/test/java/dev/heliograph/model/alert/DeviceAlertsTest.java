package dev.heliograph.model.alert;

import static dev.heliograph.model.alert.AlertHistory.DEVICE;
import static dev.heliograph.model.alert.AlertHistory.SECOND;
import static dev.heliograph.model.alert.AlertHistory.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeviceAlertsTest {
    private static final int HISTORIES = 3_000;
    private static final long T0 = 1_790_000_000L * SECOND;
    private static final Condition OVERHEAT = new Condition.Threshold(TEMPERATURE, Comparison.GE, 46, 44);

    private final List<AlertTransition> transitions = new ArrayList<>();
    private final AlertEvents recorder = new AlertEvents() {
        @Override
        public void transition(AlertTransition transition) {
            transitions.add(transition);
        }

        @Override
        public void outOfOrder(MetricName metric, long timeMicros) {}
    };
    private final Map<MetricName, Long> lastHeard = new HashMap<>();
    private final DeviceAlerts alerts = new DeviceAlerts(DEVICE);

    @Test
    void givenManyHistories_whenEvaluated_thenEveryStepIsThatOfTheDefinitions() {
        int steps = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            AlertHistory history = new AlertHistory(seed);

            history.play(200);

            assertThat(history.decided()).as("seed %d", seed).isEqualTo(history.expected);
            assertThat(history.outOfOrder).as("seed %d", seed).isEqualTo(history.expectedOutOfOrder);
            Set<Object> ids = new HashSet<>();
            history.transitions.forEach(
                    step -> assertThat(ids.add(step.id())).as("id of %s", step).isTrue());
            steps += history.transitions.size();
        }
        assertThat(steps).isGreaterThan(HISTORIES * 10);
    }

    @Test
    void givenTheSameHistory_whenEvaluatedAgain_thenTheIdsAreTheSame() {
        for (int seed = 0; seed < 100; seed++) {
            AlertHistory first = new AlertHistory(seed);
            AlertHistory second = new AlertHistory(seed);

            first.play(200);
            second.play(200);

            assertThat(second.transitions).isEqualTo(first.transitions);
        }
    }

    @Test
    void givenAHold_whenItHasPassed_thenTheExplanationSaysWhatHeldAndHowLong() {
        follow(AlertHistory.rule(1, OVERHEAT, 120 * SECOND, 30 * SECOND));

        report(T0, 46.5);
        report(T0 + 120 * SECOND, 46.9);
        report(T0 + 130 * SECOND, 43.1);
        report(T0 + 160 * SECOND, 43);

        assertThat(transitions)
                .extracting(AlertTransition::explanation)
                .containsExactly(
                        "temperature 46.5 >= 46; fires if it holds for 2 min",
                        "temperature 46.9 >= 46 for 2 min",
                        "temperature 43 < 44 for 30 s");
        assertThat(transitions)
                .extracting(AlertTransition::alert)
                .containsOnly(transitions.getFirst().alert());
    }

    @Test
    void givenASilence_whenItIsLongEnough_thenTheAbsenceSaysSinceWhen() {
        follow(AlertHistory.rule(1, new Condition.Absence(Duration.ofSeconds(30)), 0, 0));
        report(T0, 20);

        alerts.advance(T0, T0 + 31 * SECOND, false, recorder);
        report(T0 + 90 * SECOND, 20);

        assertThat(transitions)
                .extracting(AlertTransition::explanation)
                .containsExactly(
                        "no reading for 31 s; the last came at 2026-09-21T14:13:20Z",
                        "a reading came after 1 min 30 s without one");
    }

    @Test
    void givenAMetricThatIsMissing_whenTheDeviceGoesOn_thenTheAbsenceNamesItAndItsReturnEndsIt() {
        follow(AlertHistory.rule(1, new Condition.Absence(Duration.ofSeconds(30), AlertHistory.HUMIDITY), 0, 0));
        alerts.advance(T0, T0 + 500 * SECOND, false, recorder);
        report(T0, AlertHistory.HUMIDITY, 40);
        report(T0 + 31 * SECOND, 20);

        assertThat(alerts.dueMicros(T0 + 31 * SECOND)).isEqualTo(T0 + 30 * SECOND + 1);
        alerts.advance(T0 + 31 * SECOND, T0 + 31 * SECOND, false, recorder);
        report(T0 + 60 * SECOND, 20);
        report(T0 + 90 * SECOND, AlertHistory.HUMIDITY, 41);

        assertThat(transitions)
                .extracting(AlertTransition::metric, AlertTransition::explanation)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                AlertHistory.HUMIDITY,
                                "no reading with humidity for 31 s; the last came at 2026-09-21T14:13:20Z"),
                        org.assertj.core.groups.Tuple.tuple(
                                AlertHistory.HUMIDITY, "a reading with humidity came after 1 min 30 s without one"));
    }

    @Test
    void givenAMetricThatIsMissingAlready_whenTheRuleIsMade_thenTheAbsenceIsFound() {
        lastHeard.put(AlertHistory.HUMIDITY, T0 - 300 * SECOND);

        follow(AlertHistory.rule(1, new Condition.Absence(Duration.ofSeconds(30), AlertHistory.HUMIDITY), 0, 0));
        alerts.advance(T0, T0, false, recorder);

        assertThat(transitions)
                .extracting(AlertTransition::explanation)
                .containsExactly("no reading with humidity for 5 min; the last came at 2026-09-21T14:08:20Z");
    }

    @Test
    void givenARuleThatBecomesAnotherKind_whenItStartsAnew_thenNoTimeOfTheFormerCounts() {
        Condition missing = new Condition.Absence(Duration.ofSeconds(30), TEMPERATURE);
        AlertRule rule = AlertHistory.rule(1, missing, 0, 0);
        follow(rule);
        report(T0 + 50 * SECOND, 50);

        follow(changed(rule, 2, OVERHEAT));
        report(T0, 50);
        follow(changed(rule, 3, missing));
        alerts.advance(T0 + 50 * SECOND, T0 + 500 * SECOND, false, recorder);

        assertThat(transitions)
                .extracting(AlertTransition::explanation)
                .containsExactly("temperature 50 >= 46", "ended because the rule was changed to version 3");
    }

    private static AlertRule changed(AlertRule rule, int version, Condition condition) {
        return new AlertRule(
                rule.tenant(),
                rule.id(),
                version,
                true,
                rule.name(),
                rule.severity(),
                rule.scope(),
                condition,
                rule.hold(),
                rule.clearHold());
    }

    @Test
    void givenThePipelineBehind_whenNothingComes_thenNoAbsenceIsRaised() {
        follow(AlertHistory.rule(1, new Condition.Absence(Duration.ofSeconds(30)), 0, 0));
        report(T0, 20);

        alerts.advance(T0, T0 + 600 * SECOND, true, recorder);

        assertThat(transitions).isEmpty();
    }

    @Test
    void givenAFiringAlert_whenItsRuleChanges_thenItEndsAndTheNewVersionStartsAnew() {
        AlertRule rule = AlertHistory.rule(1, OVERHEAT, 0, 0);
        follow(rule);
        report(T0, 50);

        follow(changed(rule, 2, OVERHEAT));
        report(T0 + SECOND, 50);

        assertThat(transitions)
                .extracting(AlertTransition::to, AlertTransition::ruleVersion, AlertTransition::explanation)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(AlertPhase.FIRING, 1, "temperature 50 >= 46"),
                        org.assertj.core.groups.Tuple.tuple(
                                AlertPhase.RESOLVED, 1, "ended because the rule was changed to version 2"),
                        org.assertj.core.groups.Tuple.tuple(AlertPhase.FIRING, 2, "temperature 50 >= 46"));
    }

    @Test
    void givenOpenAlerts_whenTheirRuleIsGone_thenPendingEndsAsOkAndFiringAsResolved() {
        follow(AlertHistory.rule(1, OVERHEAT, 0, 0), AlertHistory.rule(2, OVERHEAT, 60 * SECOND, 0));
        report(T0, 50);

        follow();

        assertThat(transitions.subList(2, 4))
                .extracting(AlertTransition::to, AlertTransition::explanation)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(AlertPhase.RESOLVED, "ended because the rule was deleted"),
                        org.assertj.core.groups.Tuple.tuple(AlertPhase.OK, "ended because the rule was deleted"));
        assertThat(alerts.open()).isEmpty();
    }

    @Test
    void givenAScope_whenADeviceIsMatched_thenEveryGivenCriterionCounts() {
        RuleScope scope = new RuleScope(Set.of(), Set.of("boiler"), Set.of("berlin"), Map.of("line", "2"));
        var attributes = new DeviceAttributes(true, "boiler", "berlin", Map.of("line", "2", "hall", "b"), null);
        var elsewhere = new DeviceAttributes(true, "boiler", "rome", Map.of("line", "2"), null);

        assertThat(scope.matches(DEVICE.device(), attributes)).isTrue();
        assertThat(scope.matches(DEVICE.device(), elsewhere)).isFalse();
        assertThat(scope.matches(DEVICE.device(), DeviceAttributes.UNREGISTERED))
                .isFalse();
        assertThat(RuleScope.ALL.matches(DEVICE.device(), DeviceAttributes.UNREGISTERED))
                .isTrue();
    }

    private void follow(AlertRule... rules) {
        alerts.follow(
                new RuleBook(List.of(rules)).watching(DEVICE, DeviceAttributes.UNREGISTERED),
                lastHeard::get,
                T0,
                recorder);
    }

    private void report(long time, double value) {
        report(time, TEMPERATURE, value);
    }

    private void report(long time, MetricName metric, double value) {
        var sample = new Sample.Measurement(metric, value);
        alerts.onReading(
                new Reading(DEVICE, time, time, null, List.of(sample), null, Transport.MQTT, Set.of()), time, recorder);
    }
}
