package dev.heliograph.simulator.physics;

import java.util.Arrays;
import java.util.function.LongToDoubleFunction;

/**
 * First-order lag: a room, a pipe or a bearing follows its cause with a time constant.
 *
 * <p>Solves {@code tau * dy/dt = u - y} for an input that is constant within cells of {@code tau / 6}, exactly, by looking back
 * over five time constants (what came before weighs less than 0.7 %). Any instant can be asked for; the cells asked for lately
 * are remembered, because the next reading needs almost the same ones. One thread at a time.
 */
final class Inertia {
    private static final int CELLS_PER_TIME_CONSTANT = 6;
    private static final int CELLS = 5 * CELLS_PER_TIME_CONSTANT + 1;
    private static final int REMEMBERED = 64;

    private final double timeConstantMillis;
    private final long cellMillis;
    private final double decayPerCell;
    private final LongToDoubleFunction input;
    private final long[] rememberedCells = new long[REMEMBERED];
    private final double[] rememberedInputs = new double[REMEMBERED];

    /**
     * A lag behind an input.
     *
     * @param timeConstantMillis tau: after this time, 63 % of a step has arrived
     * @param input the cause at ms since the epoch; the same instant always gives the same value
     */
    Inertia(long timeConstantMillis, LongToDoubleFunction input) {
        this.timeConstantMillis = timeConstantMillis;
        this.cellMillis = Math.max(1, timeConstantMillis / CELLS_PER_TIME_CONSTANT);
        this.decayPerCell = Math.exp(-cellMillis / (double) timeConstantMillis);
        this.input = input;
        Arrays.fill(rememberedCells, Long.MIN_VALUE);
    }

    /** What the input has become at an instant. */
    double at(long atMillis) {
        long newest = Math.floorDiv(atMillis, cellMillis);
        double sum = 0;
        double weights = 0;
        double decayAtEnd = 1; // of the newest cell, which reaches up to now
        double decayAtStart = Math.exp(-(atMillis - newest * cellMillis) / timeConstantMillis);
        for (long cell = newest; cell > newest - CELLS; cell--) {
            double weight = decayAtEnd - decayAtStart;
            sum += weight * inputOf(cell);
            weights += weight;
            decayAtEnd = decayAtStart;
            decayAtStart *= decayPerCell;
        }
        return sum / weights;
    }

    private double inputOf(long cell) {
        int slot = (int) Math.floorMod(cell, (long) REMEMBERED);
        if (rememberedCells[slot] != cell) {
            rememberedInputs[slot] = input.applyAsDouble(cell * cellMillis + cellMillis / 2);
            rememberedCells[slot] = cell;
        }
        return rememberedInputs[slot];
    }
}
