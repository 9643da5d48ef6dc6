package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import java.time.Duration;

/** Kafka is there, and wants nothing from the gateway. */
final class KafkaAccessFaults {
    private static final Duration LASTING = Duration.ofSeconds(10);
    /** Acknowledgements of what was under way; some may come until Kafka asks again who is there. */
    private static final Duration NOTICED = Duration.ofSeconds(4);

    private KafkaAccessFaults() {}

    /** The password is taken away under an open connection: nothing is acknowledged until it is right again. */
    static Fault passwordRevoked() {
        return Fault.of("F19", "gateway's password for Kafka revoked, then right again", run -> {
                    run.plant().kafka().revokePassword();
                    try {
                        nothingIsAcknowledged(run);
                    } finally {
                        run.plant().kafka().grantPassword();
                    }
                    run.healed();
                })
                .needing(Need.PASSWORDS)
                .settlingWithin(Duration.ofSeconds(90));
    }

    /** The gateway is known, and may do nothing. */
    static Fault forbidden() {
        return Fault.of("F19", "gateway forbidden to do anything with Kafka, then allowed again", run -> {
                    run.plant().kafka().forbid(true);
                    try {
                        nothingIsAcknowledged(run);
                    } finally {
                        run.plant().kafka().forbid(false);
                    }
                    run.healed();
                })
                .needing(Need.PASSWORDS)
                .settlingWithin(Duration.ofSeconds(90));
    }

    private static void nothingIsAcknowledged(FaultRun run) {
        run.last(NOTICED);
        long before = run.tenant().acknowledged();
        run.last(LASTING.minus(NOTICED));
        long more = run.tenant().acknowledged() - before;
        if (more > 0) {
            throw new AssertionError(more + " messages were acknowledged that Kafka cannot have taken");
        }
    }
}
