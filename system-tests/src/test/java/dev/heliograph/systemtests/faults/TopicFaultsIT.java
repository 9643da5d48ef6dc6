package dev.heliograph.systemtests.faults;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Topics that are wrong, deleted, made anew: {@code mvn verify -Pfaults}. What was deleted cannot be read again (C11). */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
class TopicFaultsIT extends FaultRuns {
    TopicFaultsIT() {
        super("topics", 1, TopicFaults.all());
    }

    @Override
    boolean isAllInKafka() {
        return false;
    }
}
