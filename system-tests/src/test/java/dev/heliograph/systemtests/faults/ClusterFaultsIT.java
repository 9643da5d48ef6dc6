package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What three nodes of Kafka survive: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
class ClusterFaultsIT extends FaultRuns {
    ClusterFaultsIT() {
        super("cluster", 3, Faults.cluster());
    }
}
