package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.data.DataQuery.Asked;
import dev.heliograph.query.data.DataQuery.Zone;
import dev.heliograph.query.data.DeviceSelection.Selected;
import dev.heliograph.query.data.JdbcData.OfDevice;
import dev.heliograph.query.data.SeriesPages.Page;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.Fill;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.LimitSettings;
import dev.heliograph.query.web.Zones;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prepares queries: finds the series, chooses how they are read, and refuses what would cost too much. */
final class DataQueries {
    private final JdbcData data;
    private final SeriesPages pages;
    private final DataThrough through;
    private final RetentionTimes retention;
    private final LimitSettings limits;
    private final Planner planner;

    DataQueries(JdbcData data, SeriesPages pages, DataThrough through, RetentionTimes retention, LimitSettings limits) {
        this.data = data;
        this.pages = pages;
        this.through = through;
        this.retention = retention;
        this.limits = limits;
        this.planner = new Planner(limits);
    }

    /** A query about one device, by its id in the path. */
    PreparedQuery ofDevice(TenantId tenant, DeviceId device, DataQuery query, Instant now) {
        checkBuckets(query);
        int most = query.metrics().isEmpty() ? limits.maxMetrics() : Integer.MAX_VALUE;
        OfDevice found = data.ofDevice(tenant, device, query.metrics(), most).orElseThrow(Problems::notFound);
        List<StoredSeries> series =
                query.metrics().isEmpty() ? found.series() : inOrder(query.metrics(), found.series(), found.device());
        boolean raw = query.asked() instanceof Asked.Raw || mayBeRaw(tenant, query, now) && fits(tenant, query, series);
        return prepare(tenant, query, device.value(), Slots.each(series), raw, null, now);
    }

    // A metric that the device never reported is answered as an empty series: that is what is known of it.
    private static List<StoredSeries> inOrder(List<MetricName> metrics, List<StoredSeries> stored, Selected device) {
        Map<String, StoredSeries> byMetric =
                stored.stream().collect(Collectors.toMap(StoredSeries::metric, Function.identity()));
        return metrics.stream()
                .map(metric -> byMetric.getOrDefault(
                        metric.value(), new StoredSeries(0, device, metric.value(), null, "number", null)))
                .toList();
    }

    /** A query about many devices. */
    PreparedQuery ofFleet(TenantId tenant, DataParameters given, DataQuery asked, Instant now) {
        checkBuckets(asked);
        if (!asked.grouped()) {
            Page page = pages.page(tenant, given, asked);
            DataQuery query = asked.between(page.from(), page.to());
            boolean raw = query.asked() instanceof Asked.Raw
                    || query.aggregates().isEmpty()
                            && mayBeRaw(tenant, query, now)
                            && fits(tenant, query, page.series());
            return prepare(tenant, query, null, Slots.each(page.series()), raw, page.next(), now);
        }
        if (given.cursor() != null || given.limit() != null) {
            throw Problems.badParameter(given.cursor() != null ? "cursor" : "limit", "is for queries without groupBy");
        }
        List<StoredSeries> series = pages.all(tenant, asked);
        return prepare(tenant, asked, null, Slots.grouped(series, asked.groupBy()), false, null, now);
    }

    /** What can be refused by the query alone is refused before anything is looked up. */
    private void checkBuckets(DataQuery query) {
        if (query.asked() instanceof Asked.Bucketed) {
            planner.plan(query, query.zone() instanceof Zone.Of of ? of.id() : ZoneOffset.UTC, Horizon.NONE);
        }
    }

    private Horizon horizon(TenantId tenant, Instant now) {
        return Horizon.of(retention.of(tenant), now);
    }

    private boolean mayBeRaw(TenantId tenant, DataQuery query, Instant now) {
        return query.asked() instanceof Asked.Fitting
                && (query.source() == Tier.RAW || horizon(tenant, now).reaches(Tier.RAW, Planner.micros(query.from())))
                && (query.source() == null || query.source() == Tier.RAW)
                && query.fill() == Fill.NONE
                && query.range().compareTo(limits.rawRange()) <= 0;
    }

    private boolean fits(TenantId tenant, DataQuery query, List<StoredSeries> series) {
        return data.fits(tenant, numbers(series), query.from(), query.to(), query.maxPoints());
    }

    private static List<StoredSeries> numbers(List<StoredSeries> series) {
        return series.stream().filter(one -> !one.isState()).toList();
    }

    private PreparedQuery prepare(
            TenantId tenant,
            DataQuery query,
            @Nullable String device,
            List<Slot> slots,
            boolean raw,
            @Nullable String next,
            Instant now) {
        List<StoredSeries> all =
                slots.stream().flatMap(slot -> slot.series().stream()).toList();
        Horizon horizon = horizon(tenant, now);
        if (raw) {
            // What fits was counted; how much all of a range is, only the series tell.
            if (query.asked() instanceof Asked.Raw) {
                planner.checkRaw(query, all.size(), rate(tenant, query, all), now);
            }
            String notice = gone(horizon, Tier.RAW, Planner.micros(query.from()));
            Heading heading = heading(query, device, List.of(), zoneOf(query, all), "raw", Tier.RAW, all, next, notice);
            return new PreparedQuery(tenant, query, heading, slots, List.of(), now);
        }
        List<ZonePlan> plans = plans(query, slots, horizon);
        long buckets = 0;
        for (ZonePlan part : plans) {
            int count =
                    part.slots().stream().mapToInt(slot -> slot.series().size()).sum();
            if (!planner.isCheap(query, part.plan(), count, now)) {
                List<StoredSeries> those = part.slots().stream()
                        .flatMap(slot -> slot.series().stream())
                        .toList();
                planner.check(query, part.plan(), count, rate(tenant, query, those), now);
            }
            buckets += (long) part.slots().size() * part.plan().buckets().size();
        }
        SortedSet<Aggregate> aggregates = QueryParser.orUsual(query.aggregates());
        Plan first = plans.isEmpty()
                ? planner.plan(query, ZoneOffset.UTC, horizon)
                : plans.getFirst().plan();
        Tier finest = plans.stream()
                .map(part -> part.plan().tier())
                .min(Tier::compareTo)
                .orElse(first.tier());
        List<GroupKey> keys = query.groupBy();
        Heading heading = heading(
                query,
                device,
                keys,
                zoneOf(query, all),
                first.spec().label(),
                finest,
                all,
                next,
                notice(query, first, horizon));
        return new PreparedQuery(tenant, query, heading, slots, plans, now)
                .withValues(buckets * Math.max(1, aggregates.size()));
    }

    /** What a caller must know of an answer that is other than the one that was asked for; null where it is that. */
    private static @Nullable String notice(DataQuery query, Plan plan, Horizon horizon) {
        if (query.asked() instanceof Asked.Bucketed asked && !asked.length().equals(plan.spec())) {
            return "Buckets of " + asked.length().label()
                    + " need data that is no longer kept for the whole range; these are of "
                    + plan.spec().label() + ", from " + plan.tier().label() + ".";
        }
        return gone(horizon, plan.tier(), plan.buckets().start());
    }

    private static @Nullable String gone(Horizon horizon, Tier tier, long startMicros) {
        return horizon.reaches(tier, startMicros)
                ? null
                : horizon.of(tier)
                        .map(since -> "The source " + tier.label() + " is kept since "
                                + since.truncatedTo(ChronoUnit.SECONDS) + "; before that it has nothing.")
                        .orElse(null);
    }

    private double rate(TenantId tenant, DataQuery query, List<StoredSeries> series) {
        return data.samplesPerSecond(tenant, numbers(series), query.from(), query.to());
    }

    /** Slots by the zone that their buckets follow. */
    private List<ZonePlan> plans(DataQuery query, List<Slot> slots, Horizon horizon) {
        Map<ZoneId, List<Slot>> byZone = new LinkedHashMap<>();
        for (Slot slot : slots) {
            byZone.computeIfAbsent(zoneOf(query, slot.series()), any -> new ArrayList<>())
                    .add(slot);
            if (query.zone() instanceof Zone.OfSite && query.grouped()) {
                checkOneZone(slot);
            }
        }
        if (query.top() != null && byZone.size() > 1) {
            throw Problems.badParameter("top", "needs groups of one time zone");
        }
        List<ZonePlan> plans = new ArrayList<>();
        byZone.forEach((zone, part) -> plans.add(new ZonePlan(planner.plan(query, zone, horizon), part)));
        return plans;
    }

    private static void checkOneZone(Slot slot) {
        long zones = slot.series().stream()
                .map(one -> zoneOf(one.device()))
                .distinct()
                .count();
        if (zones > 1) {
            throw Problems.badParameter(
                    "timezone", "site needs groups of one time zone; group by site or device as well");
        }
    }

    private static ZoneId zoneOf(DataQuery query, List<StoredSeries> series) {
        return switch (query.zone()) {
            case Zone.Of of -> of.id();
            case Zone.OfSite ofSite ->
                series.isEmpty() ? ZoneOffset.UTC : zoneOf(series.getFirst().device());
        };
    }

    private static ZoneId zoneOf(Selected device) {
        String name = device.timezone();
        return name == null ? ZoneOffset.UTC : Zones.of(name).orElse(ZoneOffset.UTC);
    }

    private Heading heading(
            DataQuery query,
            @Nullable String device,
            List<GroupKey> keys,
            ZoneId zone,
            String resolution,
            Tier source,
            List<StoredSeries> series,
            @Nullable String next,
            @Nullable String notice) {
        boolean raw = resolution.equals("raw");
        @Nullable Instant stored = through(series);
        String method =
                !raw ? "min-max-avg buckets" : query.thinning() == null ? "raw" : QueryParser.lower(query.thinning());
        return new Heading(
                device,
                query.from(),
                query.to(),
                switch (query.zone()) {
                    case Zone.Of of ->
                        of.id().equals(ZoneOffset.UTC) ? "UTC" : of.id().getId();
                    case Zone.OfSite ofSite -> "site";
                },
                zone,
                keys.isEmpty()
                        ? List.of("device")
                        : keys.stream().map(GroupKey::name).toList(),
                query.grouped(),
                resolution,
                source,
                method,
                stored,
                stored != null && !query.to().isAfter(stored),
                raw ? new TreeSet<>() : QueryParser.orUsual(query.aggregates()),
                next,
                notice);
    }

    // While the writer has not told how far it is, the newest sample is what is known to be there.
    private @Nullable Instant through(List<StoredSeries> series) {
        return through.now()
                .orElseGet(() -> series.stream()
                        .map(StoredSeries::newestReceived)
                        .filter(Objects::nonNull)
                        .max(Instant::compareTo)
                        .orElse(null));
    }
}
