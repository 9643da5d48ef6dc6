package dev.heliograph.simulator.physics;

import java.util.SplittableRandom;

/**
 * Randomness that is addressed instead of drawn: the same seed, name and index always give the same number, in any order.
 *
 * <p>A value for 09:00 does not depend on whether somebody asked for 08:59 before. So a fleet that is started again, with
 * another interval or on another machine, measures the same world.
 */
public final class Noise {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    /** A cosine blend of two independent normals has less variance than either; this brings the average back to 1. */
    private static final double BLEND_GAIN = 1.155;

    private final long seed;

    private Noise(long seed) {
        this.seed = seed;
    }

    /** The root of all noise of a fleet. */
    public static Noise ofSeed(long seed) {
        return new Noise(mix(seed));
    }

    /** Noise of its own for a device or a purpose, independent of any other name. */
    public Noise named(String name) {
        long hash = seed;
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash + GOLDEN_GAMMA * (name.charAt(i) + 1));
        }
        return new Noise(hash);
    }

    /** A generator for the index; a fresh one at every call, always in the same state. */
    public SplittableRandom at(long index) {
        return new SplittableRandom(mix(seed ^ (index * GOLDEN_GAMMA)));
    }

    /** Evenly distributed in {@code [0, 1)}. */
    public double uniform(long index) {
        return (mix(mix(seed ^ (index * GOLDEN_GAMMA)) + GOLDEN_GAMMA) >>> 11) * 0x1.0p-53;
    }

    /** Evenly distributed in {@code [from, to)}. */
    public double between(long index, double from, double to) {
        return from + (to - from) * uniform(index);
    }

    /** Normal, mean 0, standard deviation 1, cut at ±4. */
    public double gaussian(long index) {
        return Math.clamp(at(index).nextGaussian(), -4.0, 4.0);
    }

    /**
     * A smooth wander: mean 0, standard deviation about 1, within ±4.7.
     *
     * @param atMillis when, ms since the epoch
     * @param periodMillis how long it takes to become unrelated to what it was
     */
    public double wander(long atMillis, long periodMillis) {
        long cell = Math.floorDiv(atMillis, periodMillis);
        double part = (double) Math.floorMod(atMillis, periodMillis) / periodMillis;
        double weight = (1 - Math.cos(Math.PI * part)) / 2;
        return BLEND_GAIN * (gaussian(cell) * (1 - weight) + gaussian(cell + 1) * weight);
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), variant 13 of David Stafford.
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
