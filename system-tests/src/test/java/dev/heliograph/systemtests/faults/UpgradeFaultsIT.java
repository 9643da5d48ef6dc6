package dev.heliograph.systemtests.faults;

import dev.heliograph.systemtests.faults.plant.Build;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * An older version, upgraded and rolled back: {@code mvn verify -Pfaults -Dheliograph.faults.older=DIRECTORY}, where the
 * directory is a built tree of that version.
 */
@EnabledIfSystemProperty(named = "heliograph.faults.all", matches = "true", disabledReason = "takes minutes: -Pfaults")
@EnabledIfSystemProperty(
        named = "heliograph.faults.older",
        matches = ".+",
        disabledReason = "needs a built tree of an older version: -Dheliograph.faults.older=DIRECTORY")
class UpgradeFaultsIT extends FaultRuns {
    UpgradeFaultsIT() {
        super("upgrade", 1, false, Build.older().orElse(null), Faults.upgrades());
    }
}
