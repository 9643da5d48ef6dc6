package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Kafka, database, broker and issuer as on other machines, known by names and with encryption: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
class ElsewhereFaultsIT extends FaultRuns {
    ElsewhereFaultsIT() {
        super("elsewhere", 1, false, true, null, null, Faults.elsewhere());
    }
}
