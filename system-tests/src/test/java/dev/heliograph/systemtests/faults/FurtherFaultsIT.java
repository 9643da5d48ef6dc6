package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What comes in twos, runs out, or is asked for by too many: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
class FurtherFaultsIT extends FaultRuns {
    FurtherFaultsIT() {
        super("further", 1, Faults.further());
    }
}
