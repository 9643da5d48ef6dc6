package dev.heliograph.simulator.physics;

import java.util.function.LongToDoubleFunction;

/**
 * First-order lag: a room, a pipe or a bearing follows its cause with a time constant.
 *
 * <p>Solves {@code tau * dy/dt = u - y} for an input that is constant within cells of {@code tau / 6}, exactly, by looking back
 * over five time constants (what came before weighs less than 0.7 %). No state is kept, so any instant can be asked for.
 */
final class Inertia {
    private static final int CELLS_PER_TIME_CONSTANT = 6;
    private static final int CELLS = 5 * CELLS_PER_TIME_CONSTANT;

    private Inertia() {}

    /**
     * What the input has become at an instant.
     *
     * @param timeConstantMillis tau: after this time, 63 % of a step has arrived
     * @param input the cause at ms since the epoch
     */
    static double follow(long atMillis, long timeConstantMillis, LongToDoubleFunction input) {
        long cellMillis = Math.max(1, timeConstantMillis / CELLS_PER_TIME_CONSTANT);
        long cellStart = Math.floorDiv(atMillis, cellMillis) * cellMillis;
        double sum = 0;
        double weights = 0;
        double decayAtEnd = 1; // of the newest cell, which reaches up to now
        for (int i = 0; i <= CELLS; i++) {
            double decayAtStart = Math.exp(-(double) (atMillis - cellStart) / timeConstantMillis);
            double weight = decayAtEnd - decayAtStart;
            sum += weight * input.applyAsDouble(cellStart + cellMillis / 2);
            weights += weight;
            decayAtEnd = decayAtStart;
            cellStart -= cellMillis;
        }
        return weights == 0 ? input.applyAsDouble(atMillis) : sum / weights;
    }
}
