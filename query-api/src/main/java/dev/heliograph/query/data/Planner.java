package dev.heliograph.query.data;

import dev.heliograph.query.data.DataQuery.Asked;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.BucketSpec.Unit;
import dev.heliograph.query.data.calc.Buckets;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;

/** Chooses buckets and what they are computed from. Pure: the same query has the same plan. */
final class Planner {
    private static final long MICROS = 1_000_000;
    private static final double MOST_PER_SECOND = 20;
    private static final List<BucketSpec> STEPS = List.of(
            new BucketSpec(10, Unit.SECOND),
            new BucketSpec(20, Unit.SECOND),
            new BucketSpec(30, Unit.SECOND),
            new BucketSpec(1, Unit.MINUTE),
            new BucketSpec(2, Unit.MINUTE),
            new BucketSpec(5, Unit.MINUTE),
            new BucketSpec(10, Unit.MINUTE),
            new BucketSpec(15, Unit.MINUTE),
            new BucketSpec(30, Unit.MINUTE),
            new BucketSpec(1, Unit.HOUR),
            new BucketSpec(2, Unit.HOUR),
            new BucketSpec(3, Unit.HOUR),
            new BucketSpec(6, Unit.HOUR),
            new BucketSpec(12, Unit.HOUR),
            new BucketSpec(1, Unit.DAY),
            new BucketSpec(2, Unit.DAY),
            new BucketSpec(7, Unit.DAY),
            new BucketSpec(30, Unit.DAY));

    private final LimitSettings limits;

    Planner(LimitSettings limits) {
        this.limits = limits;
    }

    /** Buckets and the tier that they are computed from. */
    private record Choice(BucketSpec spec, Buckets buckets, Tier tier) {}

    /**
     * The plan of a query for buckets, in one zone. Where the tier that fits no longer has the beginning of the range and
     * the query names no source, the next coarser one that has it is taken, with buckets as long as its windows if need be.
     */
    Plan plan(DataQuery query, ZoneId zone, Horizon horizon) {
        BucketSpec spec = query.asked() instanceof Asked.Bucketed asked
                ? asked.length()
                : fitting(query.range(), query.maxPoints());
        SortedSet<Aggregate> aggregates = QueryParser.orUsual(query.aggregates());
        boolean percentiles = aggregates.stream().anyMatch(one -> one.kind() == Aggregate.Kind.PERCENTILE)
                || query.top() != null && query.top().by().kind() == Aggregate.Kind.PERCENTILE;
        Choice choice = choice(query, spec, zone, percentiles, horizon);
        return new Plan(
                choice.spec(),
                zone,
                choice.buckets(),
                choice.tier(),
                aggregates,
                query.fill(),
                query.maxGap().toNanos() / 1_000);
    }

    private Choice choice(DataQuery query, BucketSpec spec, ZoneId zone, boolean percentiles, Horizon horizon) {
        // One bucket keeps to the range exactly where single measurements may be read; over more it is of whole
        // minutes.
        boolean exact =
                query.source() == Tier.RAW || percentiles || query.range().compareTo(limits.rawRange()) <= 0;
        Buckets buckets = buckets(query, spec, zone, exact ? ChronoUnit.MICROS : ChronoUnit.MINUTES);
        Choice fitting = new Choice(spec, buckets, tier(query, buckets, percentiles));
        if (query.source() != null || horizon.reaches(fitting.tier(), buckets.start())) {
            return fitting;
        }
        return Stream.of(Tier.TEN_SECONDS, Tier.MINUTE, Tier.HOUR)
                .filter(tier -> tier.compareTo(fitting.tier()) > 0 && (!percentiles || tier.hasPercentiles()))
                .flatMap(tier -> coarser(query, spec, zone, tier).stream())
                .filter(choice ->
                        horizon.reaches(choice.tier(), choice.buckets().start()))
                .findFirst()
                .orElse(fitting);
    }

    /** The shortest buckets, not shorter than asked for, that windows of the tier fit into. */
    private Optional<Choice> coarser(DataQuery query, BucketSpec spec, ZoneId zone, Tier tier) {
        ChronoUnit whole = tier == Tier.HOUR ? ChronoUnit.HOURS : ChronoUnit.MINUTES;
        Stream<BucketSpec> longer = STEPS.stream().filter(step -> step.nominalSeconds() > spec.nominalSeconds());
        return Stream.concat(Stream.of(spec), spec.unit() == Unit.ALL ? Stream.empty() : longer)
                .map(length -> new Choice(length, buckets(query, length, zone, whole), tier))
                .filter(choice -> choice.buckets().alignedTo(tier.micros()))
                .findFirst();
    }

    /** The finest step of which no more than {@code points} begin in the range. */
    static BucketSpec fitting(Duration range, int points) {
        return STEPS.stream()
                .filter(step -> range.toSeconds() / step.nominalSeconds() < points)
                .findFirst()
                .orElse(STEPS.getLast());
    }

    /** @param whole unit of which one bucket of the whole range has whole ones */
    private Buckets buckets(DataQuery query, BucketSpec spec, ZoneId zone, ChronoUnit whole) {
        Instant from = query.from();
        Instant to = query.to();
        if (spec.unit() == Unit.ALL) {
            from = from.truncatedTo(whole);
            Instant floor = to.truncatedTo(whole);
            to = floor.equals(to) ? to : floor.plus(1, whole);
        }
        try {
            return Buckets.covering(spec, zone, micros(from), micros(to), limits.maxPoints() + 1);
        } catch (Buckets.TooManyException tooMany) {
            throw Problems.overLimit("A series may have " + limits.maxPoints() + " points; "
                    + query.range().toSeconds() / spec.nominalSeconds() + " buckets of " + spec.label()
                    + " were asked for. "
                    + fitting(query.range(), limits.maxPoints()).label() + " would fit.");
        }
    }

    private static Tier tier(DataQuery query, Buckets buckets, boolean percentiles) {
        Tier coarsest = Tier.coarsestOf(buckets);
        Tier able = percentiles && !coarsest.hasPercentiles() ? Tier.RAW : coarsest;
        Tier asked = query.source();
        if (asked == null) {
            return able;
        }
        if (asked.compareTo(able) > 0) {
            throw Problems.badParameter(
                    "source", "must be " + able.label() + " or finer for these buckets and aggregates");
        }
        return asked;
    }

    /**
     * Rows that are read at most.
     *
     * @param series how many
     * @param samplesPerSecond of all of them together
     */
    static long rows(Plan plan, int series, double samplesPerSecond, Instant now) {
        double seconds = Math.max(
                        0,
                        Math.min(plan.buckets().end(), micros(now))
                                - plan.buckets().start())
                / (double) MICROS;
        if (plan.tier() == Tier.RAW) {
            return (long) Math.ceil(seconds * samplesPerSecond);
        }
        long window = plan.tier().window().toSeconds();
        double tail = Math.min(seconds, 2.0 * window) * samplesPerSecond;
        return (long) Math.ceil(series * Math.min(seconds / window + 1, seconds * samplesPerSecond + 1) + tail);
    }

    /** Whether a query is within the limit even if its series report as often as the stream keeps up with: 20 times a second. */
    boolean isCheap(DataQuery query, Plan plan, int series, Instant now) {
        long passes = query.top() == null ? 1 : 2;
        return rows(plan, series, MOST_PER_SECOND * series, now) * passes <= limits.maxRows();
    }

    /** Refuses what would read more than is allowed, and says what would not. */
    void check(DataQuery query, Plan plan, int series, double samplesPerSecond, Instant now) {
        long passes = query.top() == null ? 1 : 2;
        long rows = rows(plan, series, samplesPerSecond, now) * passes;
        if (rows > limits.maxRows()) {
            throw tooManyRows(rows, query, plan, series, samplesPerSecond, now);
        }
    }

    /** Refuses raw samples beyond the limit. */
    void checkRaw(DataQuery query, int series, double samplesPerSecond, Instant now) {
        double seconds = Math.max(
                0,
                Duration.between(query.from(), query.to().isBefore(now) ? query.to() : now)
                                .toMillis()
                        / 1e3);
        long rows = (long) Math.ceil(seconds * samplesPerSecond);
        if (rows > limits.maxRows()) {
            DataQuery hourly = query.withBuckets(new BucketSpec(1, Unit.HOUR));
            throw tooManyRows(
                    rows, hourly, plan(hourly, java.time.ZoneOffset.UTC, Horizon.NONE), series, samplesPerSecond, now);
        }
    }

    private ProblemException tooManyRows(
            long rows, DataQuery query, Plan plan, int series, double samplesPerSecond, Instant now) {
        StringBuilder detail =
                new StringBuilder("The query would read about %,d rows of %s from %,d series; %,d are allowed."
                        .formatted(rows, plan.tier().label(), series, limits.maxRows()));
        for (BucketSpec step : STEPS) {
            boolean coarser = step.nominalSeconds() > plan.spec().nominalSeconds()
                    || plan.spec().unit() == Unit.ALL;
            if (coarser && step.dividesADay()) {
                long fewer = rowsWith(query, step, plan, series, samplesPerSecond, now);
                if (fewer < rows && fewer <= limits.maxRows()) {
                    detail.append(" bucket=%s would read %,d.".formatted(step.label(), fewer));
                    break;
                }
            }
        }
        long seconds = (long) (query.range().toSeconds() * ((double) limits.maxRows() / rows));
        if (seconds > 0) {
            detail.append(" A range of %s would fit.".formatted(lengthOf(seconds)));
        }
        return Problems.overLimit(detail.toString());
    }

    private long rowsWith(
            DataQuery query, BucketSpec step, Plan plan, int series, double samplesPerSecond, Instant now) {
        if (query.range().toSeconds() / step.nominalSeconds() > limits.maxPoints()) {
            return Long.MAX_VALUE;
        }
        return rows(plan(query.withBuckets(step), plan.zone(), Horizon.NONE), series, samplesPerSecond, now);
    }

    private static String lengthOf(long seconds) {
        if (seconds >= 2 * 86_400) {
            return seconds / 86_400 + " days";
        }
        return seconds >= 2 * 3_600 ? seconds / 3_600 + " hours" : Math.max(1, seconds / 60) + " minutes";
    }

    static long micros(Instant time) {
        return time.getEpochSecond() * MICROS + time.getNano() / 1_000;
    }
}
