package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What needs disks that can be full, and a Kafka that asks who is there: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
class SpecialFaultsIT extends FaultRuns {
    SpecialFaultsIT() {
        super("special", 1, true, null, Faults.special());
    }
}
