package dev.heliograph.query.data;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.Fill;
import dev.heliograph.query.data.calc.Thinning;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A query whose parameters make sense.
 *
 * @param metrics what was asked for; empty for all
 * @param from start, inclusive
 * @param to end, exclusive, after {@code from}
 * @param asked what was said about the resolution
 * @param maxPoints most points of a series
 * @param aggregates what to tell of a bucket; empty where nothing was said
 * @param zone whose calendar days, weeks and months follow
 * @param thinning how raw points are reduced to {@code maxPoints}; null for not at all
 * @param groupBy empty: every series is answered on its own
 * @param source what to compute from; null to choose
 * @param maxGap longest time between two samples that form a pair
 */
record DataQuery(
        Selector selector,
        List<MetricName> metrics,
        Instant from,
        Instant to,
        Asked asked,
        int maxPoints,
        SortedSet<Aggregate> aggregates,
        Zone zone,
        Fill fill,
        @Nullable Thinning thinning,
        List<GroupKey> groupBy,
        @Nullable Top top,
        @Nullable Tier source,
        Duration maxGap) {
    /** The resolution that the caller asked for. */
    sealed interface Asked {
        /** Whatever fits {@code maxPoints}. */
        record Fitting() implements Asked {}

        /** Single measurements. */
        record Raw() implements Asked {}

        /** Buckets of this length. */
        record Bucketed(BucketSpec length) implements Asked {}
    }

    /** Whose calendar. */
    sealed interface Zone {
        /** This one for all. */
        record Of(ZoneId id) implements Zone {}

        /** That of each device's site. */
        record OfSite() implements Zone {}
    }

    /** Only the largest groups. */
    record Top(int groups, Aggregate by) {}

    Duration range() {
        return Duration.between(from, to);
    }

    boolean grouped() {
        return !groupBy.isEmpty();
    }

    DataQuery between(Instant start, Instant end) {
        return new DataQuery(
                selector,
                metrics,
                start,
                end,
                asked,
                maxPoints,
                aggregates,
                zone,
                fill,
                thinning,
                groupBy,
                top,
                source,
                maxGap);
    }

    DataQuery withBuckets(BucketSpec length) {
        return new DataQuery(
                selector,
                metrics,
                from,
                to,
                new Asked.Bucketed(length),
                maxPoints,
                aggregates,
                zone,
                fill,
                thinning,
                groupBy,
                top,
                null,
                maxGap);
    }

    DataQuery withAggregates(SortedSet<Aggregate> others) {
        return new DataQuery(
                selector, metrics, from, to, asked, maxPoints, others, zone, fill, thinning, groupBy, top, source,
                maxGap);
    }
}
