package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.check.Stored;
import dev.heliograph.systemtests.faults.load.Tenant.Load;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * One fault of the catalogue.
 *
 * @param id its number, such as {@code F20}
 * @param title what breaks
 * @param needs without which it cannot be made here
 * @param load what its devices do beside the usual
 * @param action breaks and heals
 * @param settleLimit from the end of the load until nothing may be left to do
 * @param also what must be seen in the database beside the promises that always hold
 */
record Fault(
        String id,
        String title,
        Set<Need> needs,
        UnaryOperator<Load> load,
        Action action,
        Duration settleLimit,
        Also also) {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);

    /** What a fault needs of the plant. */
    enum Need {
        /** A broker is installed. */
        BROKER,
        /** Three nodes of Kafka. */
        THREE_NODES,
        /** A database that the suite has started, not one that is there. */
        OWN_DATABASE,
        /** TimescaleDB in the edition that compresses old chunks. */
        COLUMNSTORE,
        /** A disk that can be full, for the database: user namespaces of Linux, or root. */
        DISK_OF_THE_DATABASE,
        /** The same for Kafka. */
        DISK_OF_KAFKA,
        /** A Kafka that asks the gateway for a password. */
        PASSWORDS,
        /** Parts that are known by names, and can move. */
        NAMES,
        /** Encrypted connections to Kafka and a database of the suite's own. */
        ENCRYPTION,
        /** A library that changes what a process takes for the time. */
        CLOCKS
    }

    /** Breaks and heals. */
    @FunctionalInterface
    interface Action {
        void run(FaultRun run) throws Exception;
    }

    /** More to ask of what is left; an empty answer means that all is well. */
    @FunctionalInterface
    interface Also {
        List<String> problems(FaultRun run, Stored stored);
    }

    /** A fault that needs nothing, with the usual load. */
    static Fault of(String id, String title, Action action) {
        return new Fault(
                id, title, Set.of(), UnaryOperator.identity(), action, SETTLE_LIMIT, (run, stored) -> List.of());
    }

    Fault needing(Need... all) {
        return new Fault(id, title, Set.of(all), load, action, settleLimit, also);
    }

    Fault under(UnaryOperator<Load> other) {
        return new Fault(id, title, needs, other, action, settleLimit, also);
    }

    Fault settlingWithin(Duration limit) {
        return new Fault(id, title, needs, load, action, limit, also);
    }

    Fault asking(Also more) {
        return new Fault(id, title, needs, load, action, settleLimit, more);
    }

    /** For the names of tests. */
    @Override
    public String toString() {
        return id + " " + title;
    }
}
