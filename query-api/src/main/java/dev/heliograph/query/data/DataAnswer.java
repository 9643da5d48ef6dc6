package dev.heliograph.query.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * Series over a range, as columns. A time without a sample has no point, unless filling was asked for.
 *
 * @param device the one that was asked for; absent where many were
 * @param from start, inclusive; the first bucket may begin before it, because it is whole
 * @param to end, exclusive; the last bucket may end behind it, because it is whole
 * @param timezone whose clock and calendar buckets follow; {@code site}: that of each device's site
 * @param resolution {@code raw} or the length of a bucket
 * @param source what was read: {@code raw}, or closed windows of this length and raw behind them; the finest of all series
 * @param method {@code raw}, {@code minmax} or {@code lttb}; or buckets
 * @param dataThrough received before then is in here; null where that is not known
 * @param truncated whether a series has more points than were asked for
 * @param notice what is other than it was asked for, because finer data is no longer kept; absent where nothing is
 * @param nextCursor ask for the next page of series with it; absent on the last
 */
public record DataAnswer(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String device,
        Instant from,
        Instant to,
        String timezone,
        String resolution,
        String source,
        String method,
        @Nullable Instant dataThrough,
        boolean truncated,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String notice,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String nextCursor,
        List<Series> series) {
    /** The same but for how far the store is, which says nothing about the points. */
    DataAnswer withoutDataThrough() {
        return new DataAnswer(
                device, from, to, timezone, resolution, source, method, null, truncated, notice, nextCursor, series);
    }

    /**
     * One series; every column has one entry a point, null where the bucket has no such value.
     *
     * @param device whose it is; absent in an answer about one device, and of a group
     * @param group the values that its stored series have in common, by the keys that were grouped by
     * @param others whether it is all that did not come among the largest
     * @param members how many stored series a group is made of
     * @param times ms since the epoch: of the measurement, or of the start of the bucket
     * @param values raw measurements
     * @param texts states, which are never put into buckets
     * @param avg mean of the bucket; so on for the other columns
     * @param first the bucket's earliest value by device time
     * @param last the bucket's latest value by device time
     * @param percentiles by name, such as {@code p95}
     * @param timeInState ms that each state held, by its text
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Series(
            @Nullable String device,
            @Nullable Map<String, @Nullable String> group,
            @Nullable Boolean others,
            @Nullable Integer members,
            String metric,
            @JsonInclude @Nullable String unit,
            String kind,
            long[] times,
            @JsonSerialize(using = Numbers.class) double @Nullable [] values,
            String @Nullable [] texts,
            @JsonSerialize(using = Numbers.class) double @Nullable [] avg,
            @JsonSerialize(using = Numbers.class) double @Nullable [] min,
            @JsonSerialize(using = Numbers.class) double @Nullable [] max,
            long @Nullable [] count,
            @JsonSerialize(using = Numbers.class) double @Nullable [] sum,
            @JsonSerialize(using = Numbers.class) double @Nullable [] first,
            @JsonSerialize(using = Numbers.class) double @Nullable [] last,
            @JsonSerialize(using = Numbers.class) double @Nullable [] stddev,
            @JsonSerialize(using = Numbers.class) double @Nullable [] rate,
            @JsonSerialize(using = Numbers.class) double @Nullable [] delta,
            @JsonSerialize(using = Numbers.class) double @Nullable [] integral,

            @JsonSerialize(contentUsing = Numbers.class) @Nullable
            Map<String, double[]> percentiles,

            @Nullable Map<String, long[]> timeInState) {}

    /** Writes what is not a number as null: JSON has no word for it. */
    static final class Numbers extends ValueSerializer<double[]> {
        @Override
        public void serialize(double[] column, JsonGenerator json, SerializationContext context) {
            json.writeStartArray();
            for (double number : column) {
                if (Double.isNaN(number)) {
                    json.writeNull();
                } else {
                    json.writeNumber(number);
                }
            }
            json.writeEndArray();
        }
    }
}
