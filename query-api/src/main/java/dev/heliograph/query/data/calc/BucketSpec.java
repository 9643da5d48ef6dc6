package dev.heliograph.query.data.calc;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long buckets are, as a parameter says it: {@code 10s}, {@code 15m}, {@code 1h}, {@code 1d}, {@code 1w}, {@code 1mo},
 * or {@code all} for one bucket of the whole range.
 *
 * @param count how many units, at least one
 * @param unit of the calendar from days on; of the clock below
 */
public record BucketSpec(int count, Unit unit) {
    /** What lengths are counted in. */
    public enum Unit {
        SECOND("s", 1),
        MINUTE("m", 60),
        HOUR("h", 3_600),
        DAY("d", 86_400),
        WEEK("w", 604_800),
        /** 30 days where a month is compared with other lengths. */
        MONTH("mo", 2_592_000),
        ALL("all", 0);

        private final String suffix;
        private final long nominalSeconds;

        Unit(String suffix, long nominalSeconds) {
            this.suffix = suffix;
            this.nominalSeconds = nominalSeconds;
        }

        boolean ofTheClock() {
            return this == SECOND || this == MINUTE || this == HOUR;
        }
    }

    /** One bucket that is the range. */
    public static final BucketSpec ALL = new BucketSpec(1, Unit.ALL);

    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})(s|mo|m|h|d|w)");
    private static final long DAY_SECONDS = 86_400;

    /** @throws IllegalArgumentException if the count is below one */
    public BucketSpec {
        if (count < 1) {
            throw new IllegalArgumentException("count must be 1 or more, was " + count);
        }
    }

    /** The length of a text; empty where it is none. */
    public static Optional<BucketSpec> parse(String text) {
        if (text.equals(Unit.ALL.suffix)) {
            return Optional.of(ALL);
        }
        Matcher match = TEXT.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int count = Integer.parseInt(match.group(1));
        for (Unit unit : Unit.values()) {
            if (unit.suffix.equals(match.group(2))) {
                return Optional.of(new BucketSpec(count, unit));
            }
        }
        return Optional.empty();
    }

    /** The text of the length in its largest unit: 60 s is {@code 1m}, 24 h is {@code 1d}. */
    public String label() {
        if (unit == Unit.ALL) {
            return unit.suffix;
        }
        if (unit == Unit.MONTH || unit == Unit.WEEK) {
            return count + unit.suffix;
        }
        long seconds = nominalSeconds();
        for (Unit larger : new Unit[] {Unit.DAY, Unit.HOUR, Unit.MINUTE}) {
            if (seconds % larger.nominalSeconds == 0) {
                return seconds / larger.nominalSeconds + larger.suffix;
            }
        }
        return seconds + Unit.SECOND.suffix;
    }

    /** Its length in seconds, a month taken for 30 days; 0 for {@link #ALL}. */
    public long nominalSeconds() {
        return count * unit.nominalSeconds;
    }

    /** Its length where every bucket has the same: below a day. */
    public Optional<Duration> clockLength() {
        return unit.ofTheClock() ? Optional.of(Duration.ofSeconds(nominalSeconds())) : Optional.empty();
    }

    /** Whether buckets of the clock divide a day, which they must where days begin by a time zone. */
    public boolean dividesADay() {
        return !unit.ofTheClock() || DAY_SECONDS % nominalSeconds() == 0;
    }
}
