package dev.heliograph.model.clock;

import dev.heliograph.model.reading.Micros;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time on which two of three agree: the wall clock of this machine, Kafka's, and what was right before plus the time that
 * has passed since by a clock that nobody can set.
 *
 * <p>Somebody who sets the clock of one machine changes nothing, as the other two agree. A machine that began with a wrong
 * clock follows it when it is put right, as Kafka agrees with it then. Where Kafka says another time than both, nothing
 * is followed: it may be Kafka's machine that is wrong, and {@link #skewSeconds} tells.
 *
 * <p>Kafka's time is that of a record which its broker has stamped ({@code message.timestamp.type=LogAppendTime}). It is
 * known as well as the answer was quick; what took longer than {@value #SLOWEST_NANOS} ns says nothing. Until Kafka has said
 * the time once, this is the wall clock.
 *
 * <p>Between two answers it goes on by the clock of durations, so it never jumps; what the wall clock was corrected by
 * meanwhile is taken over at the next answer, back as well as ahead. Thread-safe.
 */
public final class AgreedClock implements InstantSource {
    /** The wall clock and Kafka's agree within this, beside what the way of the answer leaves open. */
    static final long TOLERANCE_MICROS = 1_000_000;

    static final long SLOWEST_NANOS = 1_000_000_000;
    private static final long LONGEST_LOOK_NANOS = 5_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final double MICROS_PER_SECOND = 1e6;

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    /** From the clock of durations to the time, µs. */
    private volatile long offset;

    private volatile boolean known;
    private volatile double skewSeconds = Double.NaN;
    private volatile boolean doubted;

    /**
     * A clock that follows the wall clock until Kafka has said the time.
     *
     * @param wall the clock of the machine, which may be set at any moment
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public AgreedClock(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
    }

    @Override
    public Instant instant() {
        return known ? Micros.toInstant(offset + nanoTime.getAsLong() / NANOS_PER_MICRO) : wall.instant();
    }

    /** Call just before a record goes to Kafka. */
    public Question ask() {
        return new Question(nanoTime.getAsLong(), millis());
    }

    /** One record on its way to Kafka and back. */
    public final class Question {
        private final long askedNanos;
        private final long stamp;

        private Question(long askedNanos, long stamp) {
            this.askedNanos = askedNanos;
            this.stamp = stamp;
        }

        /** The time that the record is to carry, ms since the epoch: where Kafka keeps it, Kafka has not said its own. */
        public long stamp() {
            return stamp;
        }

        /**
         * Kafka has the record.
         *
         * @param kafkaMillis the time that it has there, ms since the epoch
         * @return whether the wall clock and Kafka's have come to disagree, or to agree again, by this answer
         */
        public boolean answered(long kafkaMillis) {
            long now = nanoTime.getAsLong();
            long way = now - askedNanos;
            return kafkaMillis != stamp && way <= SLOWEST_NANOS && judge(kafkaMillis, now, way);
        }
    }

    private synchronized boolean judge(long kafkaMillis, long nowNanos, long wayNanos) {
        long wallMicros = Micros.of(wall.instant());
        if (nanoTime.getAsLong() - nowNanos > LONGEST_LOOK_NANOS) {
            return false; // The thread stood still between the looks at two clocks.
        }
        long ofWall = wallMicros - nowNanos / NANOS_PER_MICRO;
        // Stamped somewhere on the way, and cut to the millisecond.
        long ofKafka =
                kafkaMillis * MICROS_PER_MILLI + MICROS_PER_MILLI / 2 - (nowNanos - wayNanos / 2) / NANOS_PER_MICRO;
        long apart = ofWall - ofKafka;
        boolean agree = Math.abs(apart) <= TOLERANCE_MICROS + wayNanos / 2 / NANOS_PER_MICRO;
        if (agree || !known) {
            offset = ofWall;
            known = true;
        }
        skewSeconds = apart / MICROS_PER_SECOND;
        boolean changed = doubted == agree;
        doubted = !agree;
        return changed;
    }

    /** How far the wall clock is ahead of Kafka's, s; below zero where it is behind, NaN until it is known. */
    public double skewSeconds() {
        return skewSeconds;
    }

    /** Whether Kafka's clock speaks against that of this machine. */
    public boolean isWallDoubted() {
        return doubted;
    }
}
