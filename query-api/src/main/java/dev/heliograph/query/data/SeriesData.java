package dev.heliograph.query.data;

import dev.heliograph.query.data.calc.Aggregate;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The points of a series of the answer, or some of them.
 *
 * @param slot whose they are
 * @param source what they were computed from
 * @param micros times, µs since the epoch
 * @param values raw measurements; null in buckets
 * @param texts states; null elsewhere
 * @param columns by aggregate; empty for raw
 * @param timeInState ms by state; empty elsewhere
 */
record SeriesData(
        Slot slot,
        Tier source,
        long[] micros,
        double @Nullable [] values,
        String @Nullable [] texts,
        SortedMap<Aggregate, double[]> columns,
        Map<String, long[]> timeInState) {}
