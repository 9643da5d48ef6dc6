package dev.heliograph.query.data.calc;

import dev.heliograph.query.data.calc.BucketSpec.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;

/**
 * Consecutive half-open intervals {@code [edge(i), edge(i + 1))}, µs since the epoch, that cover a range. They are whole:
 * the first may begin before the range and the last may end behind it.
 *
 * <p><b>Days, weeks, months</b> begin at the first instant of their first date in the zone; a week on Monday (ISO 8601). A
 * day may have 23, 24.5 or 25 hours; a date that the zone has left out (Apia, 2011-12-30) has no bucket. Several days or
 * weeks are counted from 1970-01-01 and from the Monday before it, several months from the year 0.
 *
 * <p><b>Seconds, minutes, hours</b> begin where the clock of the zone shows a whole multiple since midnight. When the clock
 * is changed a new bucket begins if it then shows another one; up to an hour, also if it shows its beginning again. So a
 * day of 25 hours has 25 buckets of an hour, and the hour of Lord Howe that is repeated by half has 90 minutes. Lengths
 * that do not divide a day are counted from the epoch, and only in UTC.
 */
public final class Buckets {
    private static final long MICROS = 1_000_000;
    private static final long HOUR_SECONDS = 3_600;
    private static final int MONDAY_BEFORE_EPOCH = 3;
    private static final int DAYS_OF_A_WEEK = 7;
    private static final int MONTHS_OF_A_YEAR = 12;

    private final long[] edges;
    private final long uniform;

    private Buckets(long[] edges) {
        this.edges = edges;
        this.uniform = uniformLength(edges);
    }

    /** There are more buckets than are allowed. */
    public static final class TooManyException extends RuntimeException {
        TooManyException(int most) {
            super("more than " + most + " buckets");
        }
    }

    /**
     * The buckets that cover {@code [from, to)}.
     *
     * @throws TooManyException if there are more than {@code most}
     * @throws IllegalArgumentException if the range is empty, or the length does not divide a day and the zone is not UTC
     */
    public static Buckets covering(BucketSpec spec, ZoneId zone, long fromMicros, long toMicros, int most) {
        if (fromMicros >= toMicros) {
            throw new IllegalArgumentException("from must be before to, was " + fromMicros + " and " + toMicros);
        }
        if (spec.unit() == Unit.ALL) {
            return new Buckets(new long[] {fromMicros, toMicros});
        }
        Collector edges = new Collector(fromMicros, toMicros, most);
        if (spec.unit().ofTheClock()) {
            ofTheClock(spec, zone, edges);
        } else {
            ofTheCalendar(spec, zone, edges);
        }
        return new Buckets(edges.toArray());
    }

    private static void ofTheClock(BucketSpec spec, ZoneId zone, Collector edges) {
        long length = spec.nominalSeconds();
        ZoneRules rules = zone.getRules();
        if (rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).equals(ZoneOffset.UTC)) {
            long second = Math.floorDiv(edges.from, length * MICROS) * length;
            for (; edges.wants(); second += length) {
                edges.add(second * MICROS);
            }
            return;
        }
        if (!spec.dividesADay()) {
            throw new IllegalArgumentException(spec.label() + " does not divide a day");
        }
        Instant start = LocalDate.ofInstant(instant(edges.from), zone)
                .minusDays(1)
                .atStartOfDay(zone)
                .toInstant();
        long second = start.getEpochSecond();
        edges.add(second * MICROS);
        while (edges.wants()) {
            ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochSecond(second));
            long end = change == null ? Long.MAX_VALUE : change.toEpochSecond();
            second = steady(second, end, rules.getOffset(Instant.ofEpochSecond(second)), length, edges);
            if (change != null && edges.wants()) {
                second = end;
                if (beginsAt(change, length)) {
                    edges.add(second * MICROS);
                }
            }
        }
    }

    /** Adds the edges strictly behind the second and before the end, while the offset stays the same. */
    private static long steady(long second, long end, ZoneOffset offset, long length, Collector edges) {
        long shift = offset.getTotalSeconds();
        long next = (Math.floorDiv(second + shift, length) + 1) * length - shift;
        while (next < end && edges.wants()) {
            edges.add(next * MICROS);
            next += length;
        }
        return next - length;
    }

    private static boolean beginsAt(ZoneOffsetTransition change, long length) {
        long at = change.toEpochSecond();
        long shownBefore = Math.floorDiv(at - 1 + change.getOffsetBefore().getTotalSeconds(), length);
        long shown = at + change.getOffsetAfter().getTotalSeconds();
        boolean beginsAgain = length <= HOUR_SECONDS && Math.floorMod(shown, length) == 0;
        return beginsAgain || Math.floorDiv(shown, length) != shownBefore;
    }

    private static void ofTheCalendar(BucketSpec spec, ZoneId zone, Collector edges) {
        LocalDate date = firstDate(spec, LocalDate.ofInstant(instant(edges.from), zone));
        while (edges.wants()) {
            edges.add(date.atStartOfDay(zone).toEpochSecond() * MICROS);
            date = switch (spec.unit()) {
                case MONTH -> date.plusMonths(spec.count());
                case WEEK -> date.plusWeeks(spec.count());
                default -> date.plusDays(spec.count());
            };
        }
    }

    private static LocalDate firstDate(BucketSpec spec, LocalDate date) {
        return switch (spec.unit()) {
            case MONTH -> {
                long months = date.getYear() * (long) MONTHS_OF_A_YEAR + date.getMonthValue() - 1;
                long first = Math.floorDiv(months, spec.count()) * spec.count();
                yield LocalDate.of(
                        (int) Math.floorDiv(first, MONTHS_OF_A_YEAR),
                        (int) Math.floorMod(first, MONTHS_OF_A_YEAR) + 1,
                        1);
            }
            case WEEK -> {
                long days = (long) spec.count() * DAYS_OF_A_WEEK;
                yield LocalDate.ofEpochDay(
                        Math.floorDiv(date.toEpochDay() + MONDAY_BEFORE_EPOCH, days) * days - MONDAY_BEFORE_EPOCH);
            }
            default -> LocalDate.ofEpochDay(Math.floorDiv(date.toEpochDay(), spec.count()) * spec.count());
        };
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    private static long uniformLength(long[] edges) {
        long length = edges[1] - edges[0];
        for (int i = 2; i < edges.length; i++) {
            if (edges[i] - edges[i - 1] != length) {
                return 0;
            }
        }
        return length;
    }

    /** How many buckets. */
    public int size() {
        return edges.length - 1;
    }

    /** Start of a bucket; of {@link #size()}, the end of the last. */
    public long edge(int index) {
        return edges[index];
    }

    /** All starts and the end of the last. */
    public long[] edges() {
        return edges.clone();
    }

    /** Start of the first. */
    public long start() {
        return edges[0];
    }

    /** End of the last. */
    public long end() {
        return edges[edges.length - 1];
    }

    /** The bucket that holds an instant; -1 before the first, {@link #size()} behind the last. */
    public int indexOf(long micros) {
        if (micros < edges[0]) {
            return -1;
        }
        if (micros >= end()) {
            return size();
        }
        if (uniform > 0) {
            return (int) ((micros - edges[0]) / uniform);
        }
        int at = Arrays.binarySearch(edges, micros);
        return at >= 0 ? at : -at - 2;
    }

    /** Whether every edge is a whole multiple of a length since the epoch, so that windows of it lie in one bucket each. */
    public boolean alignedTo(long micros) {
        return Arrays.stream(edges).allMatch(edge -> Math.floorMod(edge, micros) == 0);
    }

    /** The length that all have; 0 where they differ. */
    public long uniformMicros() {
        return uniform;
    }

    /** Edges in rising order, from the last at or before the range to the first at or behind its end. */
    private static final class Collector {
        private static final int AT_FIRST = 64;

        final long from;
        private final long to;
        private final int most;
        private long[] edges = new long[AT_FIRST];
        private int size;

        Collector(long from, long to, int most) {
            this.from = from;
            this.to = to;
            this.most = most;
        }

        boolean wants() {
            return size == 0 || edges[size - 1] < to;
        }

        void add(long edge) {
            if (size > 0 && edge == edges[size - 1]) {
                return;
            }
            if (edge <= from) {
                size = 0;
            } else if (size > most) {
                throw new TooManyException(most);
            }
            if (size == edges.length) {
                edges = Arrays.copyOf(edges, size * 2);
            }
            edges[size++] = edge;
        }

        long[] toArray() {
            return Arrays.copyOf(edges, size);
        }
    }
}
