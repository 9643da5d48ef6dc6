package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.plant.Plant;
import dev.heliograph.systemtests.faults.plant.SmallDisk;
import java.time.Duration;

/** Disks without any room, until somebody makes some. */
final class DiskFaults {
    private static final Duration FULL = Duration.ofSeconds(10);

    private DiskFaults() {}

    /** PostgreSQL refuses transactions, or ends when it cannot write its log; an orchestrator starts it again. */
    static Fault databaseFull() {
        return Fault.of("F34", "disk of the database full, then room is made", run -> {
                    SmallDisk disk = run.plant().databaseDisk().orElseThrow();
                    disk.fill();
                    try {
                        run.outage("database", FULL);
                    } finally {
                        disk.free();
                    }
                    if (!run.plant().database().isAlive()) {
                        run.plant().restartDatabase();
                    }
                    run.healed();
                })
                .needing(Need.OWN_DATABASE, Need.DISK_OF_THE_DATABASE)
                .settlingWithin(Duration.ofSeconds(90));
    }

    /** Kafka gives up a directory that it cannot write to, and itself with the last of them; an orchestrator starts it again. */
    static Fault kafkaFull() {
        return Fault.of("F17", "disk of Kafka full, then room is made", run -> {
                    Plant plant = run.plant();
                    SmallDisk disk = plant.kafkaDisk().orElseThrow();
                    disk.fill();
                    try {
                        run.outage("kafka", FULL);
                    } finally {
                        disk.free();
                    }
                    if (!plant.kafka().processes().getFirst().isAlive()) {
                        plant.kafka().restart(0);
                    }
                    plant.kafka().awaitServing();
                    run.healed();
                })
                .needing(Need.DISK_OF_KAFKA)
                .settlingWithin(Duration.ofSeconds(90));
    }
}
