package dev.heliograph.query.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series over a range, as columns. A time without a sample has no point: nothing is filled in.
 *
 * @param from start, inclusive; the first bucket may begin before it, because it is whole
 * @param to end, exclusive
 * @param resolution {@code raw} or the length of a bucket
 * @param method {@code raw} or {@code min-max-avg buckets}
 * @param dataThrough received before then is in here; null where that is not known
 * @param truncated whether a series has more points than were asked for
 */
public record DataAnswer(
        String device,
        Instant from,
        Instant to,
        String resolution,
        String method,
        @Nullable Instant dataThrough,
        boolean truncated,
        List<Series> series) {
    /**
     * One series; every column has one entry a point.
     *
     * @param times ms since the epoch: of the measurement, or of the start of the bucket
     * @param values raw measurements
     * @param texts states, which are never put into buckets
     * @param avg mean of the bucket; so on for the other columns
     * @param first the bucket's earliest value by device time
     * @param last the bucket's latest value by device time
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Series(
            String metric,
            @JsonInclude @Nullable String unit,
            String kind,
            long[] times,
            double @Nullable [] values,
            String @Nullable [] texts,
            double @Nullable [] avg,
            double @Nullable [] min,
            double @Nullable [] max,
            long @Nullable [] count,
            double @Nullable [] sum,
            double @Nullable [] first,
            double @Nullable [] last) {}
}
