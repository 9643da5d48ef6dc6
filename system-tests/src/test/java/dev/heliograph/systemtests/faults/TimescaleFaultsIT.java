package dev.heliograph.systemtests.faults;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The faults of the database, on a TimescaleDB that the suite has started itself: {@code mvn verify -Pfaults}. */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
@EnabledIfSystemProperty(
        named = TimescaleFaultsIT.TREE,
        matches = ".+",
        disabledReason = "needs programs of TimescaleDB: -Dheliograph.faults.timescale.tree=DIRECTORY")
class TimescaleFaultsIT extends FaultRuns {
    static final String TREE = "heliograph.faults.timescale.tree";

    TimescaleFaultsIT() {
        super(
                "timescale",
                1,
                true,
                false,
                null,
                Optional.ofNullable(System.getProperty(TREE)).map(Path::of).orElse(null),
                Faults.timescale());
    }
}
