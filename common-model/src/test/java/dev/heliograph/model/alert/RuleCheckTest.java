package dev.heliograph.model.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.wire.RuleRecord;
import dev.heliograph.model.wire.RuleRecord.Absence;
import dev.heliograph.model.wire.RuleRecord.Condition;
import dev.heliograph.model.wire.RuleRecord.Scope;
import dev.heliograph.model.wire.RuleRecord.Threshold;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleCheckTest {
    private static final String ID = "7f1c2d34-0000-4000-8000-000000000001";
    private static final Scope EVERYTHING = new Scope(List.of(), List.of(), List.of(), Map.of());
    private static final Condition HOT = new Threshold("temperature", "ge", 46, 44);

    @Test
    void givenAGoodRule_whenChecked_thenItIsTheDomainRule() {
        RuleCheck check = RuleCheck.of(rule(ID, "Overheat", "critical", EVERYTHING, HOT, 120_000));

        assertThat(check).isInstanceOfSatisfying(RuleCheck.Valid.class, valid -> {
            assertThat(valid.rule().holdMicros()).isEqualTo(120_000_000);
            assertThat(valid.rule().condition().kind()).isEqualTo("threshold");
        });
    }

    static Stream<Arguments> badRules() {
        return Stream.of(
                Arguments.of("/id", rule("x", "n", "critical", EVERYTHING, HOT, 0)),
                Arguments.of("/name", rule(ID, " ", "critical", EVERYTHING, HOT, 0)),
                Arguments.of("/severity", rule(ID, "n", "awful", EVERYTHING, HOT, 0)),
                Arguments.of("/holdMs", rule(ID, "n", "info", EVERYTHING, HOT, -1)),
                Arguments.of("/condition/clear", threshold("temperature", "ge", 46, 47)),
                Arguments.of("/condition/clear", threshold("temperature", "lt", 46, 45)),
                Arguments.of("/condition/clear", threshold("temperature", "ge", Double.NaN, 0)),
                Arguments.of("/condition/metric", threshold("9", "ge", 1, 1)),
                Arguments.of("/condition/operator", threshold("t", "eq", 1, 1)),
                Arguments.of("/condition/afterMs", rule(ID, "n", "info", EVERYTHING, new Absence(0), 0)),
                Arguments.of("/condition/metric", rule(ID, "n", "info", EVERYTHING, new Absence(30_000, "1a"), 0)),
                Arguments.of(
                        "/scope/devices/0",
                        rule(ID, "n", "info", new Scope(List.of("A b"), List.of(), List.of(), Map.of()), HOT, 0)));
    }

    @ParameterizedTest
    @MethodSource("badRules")
    void givenABadRule_whenChecked_thenTheProblemPointsToIt(String pointer, RuleRecord rule) {
        RuleCheck check = RuleCheck.of(rule);

        assertThat(check)
                .isInstanceOfSatisfying(
                        RuleCheck.Invalid.class,
                        invalid -> assertThat(invalid.problems())
                                .extracting(RuleProblem::pointer)
                                .containsExactly(pointer));
    }

    private static RuleRecord threshold(String metric, String operator, double value, double clear) {
        return rule(ID, "n", "info", EVERYTHING, new Threshold(metric, operator, value, clear), 0);
    }

    private static RuleRecord rule(
            String id, String name, String severity, Scope scope, Condition condition, long holdMs) {
        return new RuleRecord(1, id, "demo", 3, true, name, severity, scope, condition, holdMs, 0, null, null);
    }
}
