package dev.heliograph.ingest.intake;

import org.jspecify.annotations.Nullable;

/**
 * Token buckets for the three quantities of one scope. A message needs a whole token of messages and something left of the
 * other two, which it may overdraw: how many measurements it holds is known only after it was read, and a message larger
 * than a bucket must pass some time. So a scope exceeds its rate by at most one message for each thread that asks at once.
 *
 * <p>Without any limit nothing is locked: meters of tenants and of the instance are asked by every event loop.
 *
 * <p>Time is handed in, in nanoseconds of a clock as {@link System#nanoTime}. Thread-safe.
 */
final class Meter {
    private static final Quantity[] QUANTITIES = Quantity.values();
    private static final double NANOS_PER_SECOND = 1e9;

    private final boolean unlimited;
    private final double[] perNano = new double[QUANTITIES.length];
    private final double[] capacity = new double[QUANTITIES.length];
    private final double[] level = new double[QUANTITIES.length];
    private final double[] floor = new double[QUANTITIES.length];
    private double share = 1;
    private long filledAt;

    /**
     * Full buckets.
     *
     * @param rates the sustained rates
     * @param burstSeconds how many seconds of a rate may come at once
     * @param maxDebtSeconds how many seconds of a rate an overdraft is remembered at most
     * @param nowNanos the time now
     */
    Meter(Rates rates, double burstSeconds, double maxDebtSeconds, long nowNanos) {
        this.unlimited = rates.areUnlimited();
        for (Quantity quantity : QUANTITIES) {
            int i = quantity.ordinal();
            perNano[i] = rates.of(quantity) / NANOS_PER_SECOND;
            capacity[i] = Math.max(1, rates.of(quantity) * burstSeconds);
            floor[i] = -rates.of(quantity) * maxDebtSeconds;
            level[i] = capacity[i];
        }
        this.filledAt = nowNanos;
    }

    /** Makes the buckets those of a part of the rates, from now on. */
    synchronized void share(double part, long nowNanos) {
        if (part != share) {
            fill(nowNanos);
            share = part;
        }
    }

    /** What is exhausted, or null while a message may pass. */
    @Nullable
    Quantity exhausted(long nowNanos) {
        if (unlimited) {
            return null;
        }
        synchronized (this) {
            fill(nowNanos);
            for (Quantity quantity : QUANTITIES) {
                int i = quantity.ordinal();
                if (perNano[i] > 0 && level[i] < needed(quantity)) {
                    return quantity;
                }
            }
            return null;
        }
    }

    /** Takes, also what is not there. */
    void take(int messages, long measurements, long bytes, long nowNanos) {
        if (unlimited) {
            return;
        }
        synchronized (this) {
            fill(nowNanos);
            take(Quantity.MESSAGES, messages);
            take(Quantity.MEASUREMENTS, measurements);
            take(Quantity.BYTES, bytes);
        }
    }

    /** How long until no quantity is overdrawn, nanoseconds; 0 when none is. */
    long debtNanos(long nowNanos) {
        if (unlimited) {
            return 0;
        }
        synchronized (this) {
            fill(nowNanos);
            long longest = 0;
            for (Quantity quantity : QUANTITIES) {
                longest = Math.max(longest, nanosUntil(quantity, 0));
            }
            return longest;
        }
    }

    /** How long until a message may pass as far as this quantity goes, nanoseconds. */
    synchronized long waitNanos(Quantity quantity, long nowNanos) {
        fill(nowNanos);
        return nanosUntil(quantity, needed(quantity));
    }

    private static double needed(Quantity quantity) {
        return quantity == Quantity.MESSAGES ? 1 : Double.MIN_VALUE;
    }

    private long nanosUntil(Quantity quantity, double wanted) {
        int i = quantity.ordinal();
        return perNano[i] <= 0 || level[i] >= wanted
                ? 0
                : (long) Math.ceil((wanted - level[i]) / (perNano[i] * share)) + 1;
    }

    private void take(Quantity quantity, long amount) {
        int i = quantity.ordinal();
        level[i] = Math.max(floor[i], level[i] - amount);
    }

    private void fill(long nowNanos) {
        double elapsed = Math.max(0, nowNanos - filledAt);
        filledAt = nowNanos;
        for (int i = 0; i < level.length; i++) {
            level[i] = Math.min(Math.max(1, capacity[i] * share), level[i] + elapsed * perNano[i] * share);
        }
    }
}
