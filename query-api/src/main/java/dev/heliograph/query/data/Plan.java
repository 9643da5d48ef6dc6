package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.Buckets;
import dev.heliograph.query.data.calc.Fill;
import java.time.ZoneId;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * How buckets are computed.
 *
 * @param spec their length
 * @param zone whose clock and calendar they follow
 * @param buckets all of them
 * @param tier what they are computed from
 * @param aggregates what is told
 * @param maxGapMicros longest time between samples that form a pair
 */
record Plan(
        BucketSpec spec,
        ZoneId zone,
        Buckets buckets,
        Tier tier,
        SortedSet<Aggregate> aggregates,
        Fill fill,
        long maxGapMicros) {
    /** Whether the database adds up the buckets; otherwise windows or samples are read and folded here. */
    boolean inDatabase() {
        return aggregates.stream().allMatch(one -> one.inDatabase() || one.kind() == Aggregate.Kind.TIME_IN_STATE);
    }

    boolean withEnds() {
        return has(Aggregate.Kind.FIRST) || has(Aggregate.Kind.LAST);
    }

    boolean withNeighbours() {
        return aggregates.stream().anyMatch(Aggregate::ofPairs);
    }

    boolean has(Aggregate.Kind kind) {
        return aggregates.stream().anyMatch(one -> one.kind() == kind);
    }

    /** The same over one bucket, for an order of groups. */
    Plan overAll(SortedSet<Aggregate> by, @Nullable Tier source) {
        Buckets whole = Buckets.covering(BucketSpec.ALL, zone, buckets.start(), buckets.end(), 1);
        return new Plan(BucketSpec.ALL, zone, whole, source == null ? tier : source, by, Fill.NONE, maxGapMicros);
    }
}
