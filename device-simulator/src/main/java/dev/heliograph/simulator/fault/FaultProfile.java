package dev.heliograph.simulator.fault;

import java.time.Duration;

/**
 * Which faults a fleet has.
 *
 * @param drift one metric runs away slowly
 * @param stuck one metric repeats the value that it had
 * @param spikeProbability of one absurd value, for each number
 * @param silence the device neither measures nor sends
 * @param outage the device measures but cannot send; afterwards it sends what it kept, with the old times
 * @param wrongClock the device's clock is ahead or behind by up to {@code clockErrorLimit}
 * @param clockErrorLimit the largest error of a clock; beyond five minutes ahead the platform refuses
 * @param resendProbability of sending a message twice
 * @param malformedProbability of a broken payload
 * @param bufferLimit readings that a device keeps during an outage, 1 or more; then the oldest is lost
 */
public record FaultProfile(
        Occurrence drift,
        Occurrence stuck,
        double spikeProbability,
        Occurrence silence,
        Occurrence outage,
        Occurrence wrongClock,
        Duration clockErrorLimit,
        double resendProbability,
        double malformedProbability,
        int bufferLimit) {
    /** Perfect hardware. */
    public static final FaultProfile NONE = new FaultProfile(
            Occurrence.NEVER,
            Occurrence.NEVER,
            0,
            Occurrence.NEVER,
            Occurrence.NEVER,
            Occurrence.NEVER,
            Duration.ofMinutes(10),
            0,
            0,
            1_000);

    /** A well-kept fleet: something is always wrong somewhere, most devices are fine. */
    public static final FaultProfile SOME = new FaultProfile(
            new Occurrence(0.03, Duration.ofHours(6), Duration.ofMinutes(30), Duration.ofHours(3)),
            new Occurrence(0.03, Duration.ofHours(3), Duration.ofMinutes(5), Duration.ofHours(1)),
            0.0002,
            new Occurrence(0.05, Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofMinutes(15)),
            new Occurrence(0.05, Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofMinutes(5)),
            new Occurrence(0.01, Duration.ofHours(3), Duration.ofMinutes(10), Duration.ofHours(1)),
            Duration.ofMinutes(10),
            0.002,
            0.0005,
            1_000);

    /** A fleet to test a platform with. */
    public static final FaultProfile MANY = new FaultProfile(
            new Occurrence(0.3, Duration.ofMinutes(30), Duration.ofMinutes(5), Duration.ofMinutes(20)),
            new Occurrence(0.3, Duration.ofMinutes(20), Duration.ofMinutes(1), Duration.ofMinutes(10)),
            0.005,
            new Occurrence(0.3, Duration.ofMinutes(10), Duration.ofSeconds(20), Duration.ofMinutes(3)),
            new Occurrence(0.3, Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofMinutes(2)),
            new Occurrence(0.1, Duration.ofMinutes(30), Duration.ofMinutes(2), Duration.ofMinutes(10)),
            Duration.ofMinutes(10),
            0.05,
            0.01,
            1_000);

    /** @throws IllegalArgumentException if a probability is not within 0..1 or a bound is not positive */
    public FaultProfile {
        requireProbability("spikeProbability", spikeProbability);
        requireProbability("resendProbability", resendProbability);
        requireProbability("malformedProbability", malformedProbability);
        if (clockErrorLimit.isNegative() || clockErrorLimit.isZero()) {
            throw new IllegalArgumentException("clockErrorLimit must be positive, was " + clockErrorLimit);
        }
        if (bufferLimit < 1) {
            throw new IllegalArgumentException("bufferLimit must be 1 or more, was " + bufferLimit);
        }
    }

    private static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be within 0..1, was " + value);
        }
    }
}
