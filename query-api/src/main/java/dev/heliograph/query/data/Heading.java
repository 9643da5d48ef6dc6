package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is said of an answer before its points.
 *
 * @param keys names of what rows are told apart by, besides their metric: {@code device}, or what was grouped by
 * @param grouped whether series were put together
 * @param zone in which times are written where they are text
 * @param aggregates columns of buckets; empty for raw
 * @param notice what is other than it was asked for, because it is no longer kept; null where nothing is
 * @param closed whether nothing new is to be expected in the range, except late readings
 */
record Heading(
        @Nullable String device,
        Instant from,
        Instant to,
        String timezone,
        ZoneId zone,
        List<String> keys,
        boolean grouped,
        String resolution,
        Tier source,
        String method,
        @Nullable Instant dataThrough,
        boolean closed,
        SortedSet<Aggregate> aggregates,
        @Nullable String nextCursor,
        @Nullable String notice) {
    boolean raw() {
        return aggregates.isEmpty();
    }
}
