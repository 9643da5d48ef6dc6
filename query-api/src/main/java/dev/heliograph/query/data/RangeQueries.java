package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.data.DataAnswer.Series;
import dev.heliograph.query.data.DataQuery.Asked;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers range queries: chooses the resolution, keeps to the limits, lets only so many run at a time. */
public final class RangeQueries {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final JdbcData data;
    private final DataThrough through;
    private final LimitSettings limits;
    private final Semaphore places;

    RangeQueries(JdbcData data, DataThrough through, LimitSettings limits) {
        this.data = data;
        this.through = through;
        this.limits = limits;
        this.places = new Semaphore(limits.heavyQueries(), true);
    }

    DataAnswer answer(TenantId tenant, DeviceId device, DataQuery query) {
        return inTurn(() -> {
            if (!data.exists(tenant, device)) {
                throw Problems.notFound();
            }
            List<StoredSeries> series = data.series(tenant, device, query.metrics(), limits.maxMetrics());
            List<StoredSeries> numbers =
                    series.stream().filter(one -> !one.isState()).toList();
            @Nullable Resolution resolution = resolution(tenant, numbers, query);
            return resolution == null
                    ? raw(tenant, device, query, series, numbers)
                    : buckets(tenant, device, query, series, numbers, resolution);
        });
    }

    /** Null for raw. */
    private @Nullable Resolution resolution(TenantId tenant, List<StoredSeries> numbers, DataQuery query) {
        return switch (query.asked()) {
            case Asked.Raw raw -> null;
            case Asked.Buckets buckets -> Resolution.of(buckets.length());
            case Asked.Fitting fitting ->
                query.range().compareTo(limits.rawRange()) <= 0
                                && data.fits(tenant, numbers, query.from(), query.to(), query.maxPoints())
                        ? null
                        : Resolution.fitting(query.range(), query.maxPoints());
        };
    }

    private DataAnswer raw(
            TenantId tenant, DeviceId device, DataQuery query, List<StoredSeries> series, List<StoredSeries> numbers) {
        int points = query.asked() instanceof Asked.Raw ? limits.maxPoints() : query.maxPoints();
        checkRows((long) series.size() * points);
        Map<Integer, Columns> columns = new HashMap<>(data.raw(tenant, numbers, query.from(), query.to(), points));
        columns.putAll(states(tenant, query, series));
        List<Series> shown = series.stream()
                .map(one -> {
                    Columns found = columns.getOrDefault(one.id(), new Columns());
                    return one.isState() ? found.asTexts(one, query.maxPoints()) : found.asRaw(one, points);
                })
                .toList();
        boolean truncated = series.stream()
                .anyMatch(one -> columns.getOrDefault(one.id(), new Columns()).size()
                        > (one.isState() ? query.maxPoints() : points));
        return new DataAnswer(
                device.value(), query.from(), query.to(), "raw", "raw", through(series), truncated, shown);
    }

    private DataAnswer buckets(
            TenantId tenant,
            DeviceId device,
            DataQuery query,
            List<StoredSeries> series,
            List<StoredSeries> numbers,
            Resolution resolution) {
        checkRows(numbers.size() * resolution.rows(query.range()));
        boolean firstAndLast =
                query.aggregates().contains("first") || query.aggregates().contains("last");
        Map<Integer, Columns> columns = new HashMap<>(
                data.buckets(tenant, numbers, resolution.floor(query.from()), query.to(), resolution, firstAndLast));
        columns.putAll(states(tenant, query, series));
        boolean truncated = series.stream()
                .filter(StoredSeries::isState)
                .anyMatch(one -> columns.getOrDefault(one.id(), new Columns()).size() > query.maxPoints());
        List<Series> shown = series.stream()
                .map(one -> {
                    Columns found = columns.getOrDefault(one.id(), new Columns());
                    return one.isState()
                            ? found.asTexts(one, query.maxPoints())
                            : found.asBuckets(one, query.aggregates());
                })
                .toList();
        return new DataAnswer(
                device.value(),
                query.from(),
                query.to(),
                TimeText.of(resolution.bucket()),
                "min-max-avg buckets",
                through(series),
                truncated,
                shown);
    }

    private Map<Integer, Columns> states(TenantId tenant, DataQuery query, List<StoredSeries> series) {
        List<StoredSeries> states =
                series.stream().filter(StoredSeries::isState).toList();
        return states.isEmpty() ? Map.of() : data.states(tenant, states, query.from(), query.to(), query.maxPoints());
    }

    private void checkRows(long rows) {
        if (rows > limits.maxRows()) {
            throw Problems.overLimit("The query would read " + rows + " rows; " + limits.maxRows()
                    + " are allowed. Ask for a shorter range, fewer metrics or longer buckets.");
        }
    }

    // While the writer has not told how far it is, the newest sample of the device is what is known to be there.
    private @Nullable Instant through(List<StoredSeries> series) {
        Optional<Instant> told = through.now();
        return told.orElseGet(() -> series.stream()
                .map(StoredSeries::newestReceived)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null));
    }

    private <T> T inTurn(Supplier<T> query) {
        boolean mine = false;
        try {
            mine = places.tryAcquire(limits.heavyWait().toMillis(), TimeUnit.MILLISECONDS);
            if (!mine) {
                throw Problems.unavailable("busy", "Too many range queries are running.", RETRY);
            }
            return query.get();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw Problems.unavailable("busy", "The service is stopping.", RETRY);
        } finally {
            if (mine) {
                places.release();
            }
        }
    }
}
