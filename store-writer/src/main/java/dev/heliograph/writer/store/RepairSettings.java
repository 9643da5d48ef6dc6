package dev.heliograph.writer.store;

/**
 * How much repairing of windows one transaction does; what is left is done by the next ones.
 *
 * @param maxWindows most windows recomputed in one transaction, 1 to 100000
 * @param maxMeasurements measurements read in one transaction after which no further window is begun, at least 1
 */
public record RepairSettings(int maxWindows, int maxMeasurements) {
    /** 2,000 windows, 200,000 measurements: a fraction of a second. */
    public static final RepairSettings DEFAULT = new RepairSettings(2_000, 200_000);

    /** @throws IllegalArgumentException if a bound is out of its range */
    public RepairSettings {
        if (maxWindows < 1 || maxWindows > 100_000) {
            throw new IllegalArgumentException("repair.max-windows must be 1 to 100000, was " + maxWindows);
        }
        if (maxMeasurements < 1) {
            throw new IllegalArgumentException("repair.max-measurements must be 1 or more, was " + maxMeasurements);
        }
    }
}
