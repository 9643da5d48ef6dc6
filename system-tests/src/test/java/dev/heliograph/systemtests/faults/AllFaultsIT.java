package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The whole list with many repetitions, and chance at the end: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(
        named = "heliograph.faults.all",
        matches = "true",
        disabledReason = "takes half an hour: -Pfaults")
class AllFaultsIT extends FaultRuns {
    AllFaultsIT() {
        super("all", 1, Faults.all());
    }
}
