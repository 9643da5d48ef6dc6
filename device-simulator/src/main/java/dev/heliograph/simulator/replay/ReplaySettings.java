package dev.heliograph.simulator.replay;

import dev.heliograph.simulator.physics.Site;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What to replay and how.
 *
 * @param file CSV with a header: {@code device}, {@code time} and one column for each metric
 * @param speed times real time, above 0; {@link #AS_FAST_AS_POSSIBLE} sends as fast as messages are acknowledged
 * @param times which times the readings carry
 * @param live how long the end of the recording is, that is played in real time instead of at the speed; 0 for none
 * @param type of the devices, for the registry
 * @param site where they stand, for the registry
 * @param rowLimit readings that are held in memory; a longer file is refused; default 2,000,000
 */
public record ReplaySettings(
        Path file, double speed, Times times, Duration live, String type, Site site, int rowLimit) {
    /** No pace but that of the platform. */
    public static final double AS_FAST_AS_POSSIBLE = Double.POSITIVE_INFINITY;

    /** Default of the row limit. */
    public static final int DEFAULT_ROW_LIMIT = 2_000_000;

    /** Which times the readings of a replay carry. */
    public enum Times {
        /** Those of the file. The platform refuses what is older than the lateness that it accepts (30 days by default). */
        KEEP,
        /**
         * Moved as a whole, distances kept. At speed 1 and above the last reading is dated at the instant when it is sent: the
         * data arrives at the present and never lies in the future. Below 1 the first reading is dated at the start.
         */
        SHIFT,
        /**
         * As {@link #SHIFT}, but each device by a distance of its own: devices that were recorded one after the other all end at
         * the present. What they measured at the same time then no longer stands side by side.
         */
        SHIFT_EACH
    }

    /** @throws IllegalArgumentException if speed or limit are not positive, or {@code live} is negative */
    public ReplaySettings {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("speed must be above 0, was " + speed);
        }
        if (live.isNegative()) {
            throw new IllegalArgumentException("live must not be negative, was " + live);
        }
        if (rowLimit < 1) {
            throw new IllegalArgumentException("rowLimit must be 1 or more, was " + rowLimit);
        }
    }

    /**
     * How often a device reports once its history is played: what the registry is told, since a pace learned from readings
     * that come as fast as they are taken would call the device silent a moment later.
     *
     * @param recorded distance between readings in the recording
     */
    public Duration pace(Duration recorded) {
        boolean endsInRealTime = !live.isZero() || Double.isInfinite(speed);
        return endsInRealTime ? recorded : Duration.ofNanos(Math.round(recorded.toNanos() / speed));
    }
}
