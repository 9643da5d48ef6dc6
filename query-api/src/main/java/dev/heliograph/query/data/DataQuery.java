package dev.heliograph.query.data;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.paging.Numbers;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A range query whose parameters make sense.
 *
 * @param metrics what was asked for; empty for all of the device
 * @param from start, inclusive
 * @param to end, exclusive, after {@code from}
 * @param asked what was said about the resolution
 * @param maxPoints most points of a series
 * @param aggregates what to tell of a bucket besides avg, min, max and count
 */
record DataQuery(
        List<MetricName> metrics, Instant from, Instant to, Asked asked, int maxPoints, Set<String> aggregates) {
    private static final Set<String> AGGREGATES = Set.of("avg", "min", "max", "count", "sum", "first", "last");
    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);

    /** The resolution that the caller asked for. */
    sealed interface Asked {
        /** Whatever fits {@code maxPoints}. */
        record Fitting() implements Asked {}

        /** Single measurements. */
        record Raw() implements Asked {}

        /** Buckets of this length. */
        record Buckets(Duration length) implements Asked {}
    }

    Duration range() {
        return Duration.between(from, to);
    }

    /** Reads the parameters; throws 400 for what is malformed and 422 for what is over a limit, which it names. */
    static DataQuery of(Parameters given, Instant now, LimitSettings limits) {
        Instant to = given.to == null ? TimeText.instant("to", "now", now) : TimeText.instant("to", given.to, now);
        Instant from = given.from == null ? to.minus(DEFAULT_RANGE) : TimeText.instant("from", given.from, now);
        if (!from.isBefore(to)) {
            throw Problems.badParameter("from", "must be before to");
        }
        if (Duration.between(from, to).compareTo(limits.maxRange()) > 0) {
            throw Problems.overLimit("A range may be " + limits.maxRange().toDays() + " days long.");
        }
        if (given.format != null && !given.format.equals("json")) {
            throw Problems.badParameter("format", "must be json");
        }
        int maxPoints = points(given.maxPoints, limits);
        Asked asked = asked(given.bucket);
        checkPoints(asked, Duration.between(from, to), limits);
        return new DataQuery(metrics(given.metrics, limits), from, to, asked, maxPoints, aggregates(given.aggregates));
    }

    /** The parameters as they came. */
    record Parameters(
            @Nullable List<MetricName> metrics,
            @Nullable String from,
            @Nullable String to,
            @Nullable List<String> aggregates,
            @Nullable String bucket,
            @Nullable String maxPoints,
            @Nullable String format) {}

    private static int points(@Nullable String text, LimitSettings limits) {
        if (text == null) {
            return limits.defaultPoints();
        }
        int points = Numbers.positive("maxPoints", text);
        if (points > limits.maxPoints()) {
            throw Problems.overLimit("A series may have " + limits.maxPoints() + " points.");
        }
        return points;
    }

    private static Asked asked(@Nullable String bucket) {
        if (bucket == null || bucket.equals("auto")) {
            return new Asked.Fitting();
        }
        if (bucket.equals("raw")) {
            return new Asked.Raw();
        }
        Duration length = TimeText.bucket(bucket);
        if (length.toSeconds() % Resolution.FINEST.toSeconds() != 0) {
            throw Problems.badParameter("bucket", "must be a multiple of 10s");
        }
        return new Asked.Buckets(length);
    }

    private static void checkPoints(Asked asked, Duration range, LimitSettings limits) {
        if (asked instanceof Asked.Buckets buckets && range.dividedBy(buckets.length()) > limits.maxPoints()) {
            throw Problems.overLimit("A series may have " + limits.maxPoints() + " points; "
                    + range.dividedBy(buckets.length()) + " buckets were asked for.");
        }
    }

    private static List<MetricName> metrics(@Nullable List<MetricName> given, LimitSettings limits) {
        if (given == null) {
            return List.of();
        }
        Set<MetricName> distinct = new LinkedHashSet<>(given);
        if (distinct.size() > limits.maxMetrics()) {
            throw Problems.overLimit("A query may name " + limits.maxMetrics() + " metrics.");
        }
        return List.copyOf(distinct);
    }

    private static Set<String> aggregates(@Nullable List<String> given) {
        if (given == null) {
            return Set.of();
        }
        for (String aggregate : given) {
            if (!AGGREGATES.contains(aggregate)) {
                throw Problems.badParameter("aggregate", "must be avg, min, max, count, sum, first or last");
            }
        }
        return Set.copyOf(given);
    }
}
