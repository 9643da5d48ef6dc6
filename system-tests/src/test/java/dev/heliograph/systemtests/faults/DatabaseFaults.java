package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.Fault.Need;
import dev.heliograph.systemtests.faults.plant.Database;
import java.time.Duration;

/** A database that is replaced by another. */
final class DatabaseFaults {
    private static final Duration BEHIND = Duration.ofSeconds(2);

    private DatabaseFaults() {}

    /** Each commit is on both disks before anybody hears of it: what was there is there, by the API too. */
    static Fault failover() {
        return Fault.of("F35", "database killed, its synchronous standby takes its place", run -> {
                    Database database = run.plant().database();
                    database.addStandby(true);
                    run.moment(1_000, 3_000);
                    run.tenant().addDevice("made-just-before"); // C12 asks for its audit
                    run.plant().failDatabaseOver();
                    run.healed();
                    run.tenant().addDevice("made-just-after");
                })
                .needing(Need.OWN_DATABASE);
    }

    /**
     * The last commits are lost, and with them the writer's positions: it reads again from where the new server stands. Only
     * then may a newest value go back.
     */
    static Fault failoverToOneThatWasBehind() {
        return Fault.of(
                        "F35",
                        "database killed, an asynchronous standby that is two seconds behind takes its place",
                        run -> {
                            Database database = run.plant().database();
                            database.addStandby(false);
                            run.moment(500, 1_500);
                            database.holdReplication();
                            run.last(BEHIND);
                            run.commitsAreLost();
                            run.plant().failDatabaseOver();
                            run.healed();
                        })
                .needing(Need.OWN_DATABASE);
    }
}
