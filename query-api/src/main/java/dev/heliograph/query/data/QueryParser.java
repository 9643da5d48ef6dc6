package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.data.DataQuery.Asked;
import dev.heliograph.query.data.DataQuery.Top;
import dev.heliograph.query.data.DataQuery.Zone;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.Fill;
import dev.heliograph.query.data.calc.Thinning;
import dev.heliograph.query.paging.Numbers;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.web.LimitSettings;
import dev.heliograph.query.web.Text;
import dev.heliograph.query.web.Zones;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a query; throws 400 for what is malformed and 422 for what is over a limit, which it names. */
final class QueryParser {
    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);
    private static final Duration DEFAULT_GAP = Duration.ofHours(1);
    private static final Duration LONGEST_GAP = Duration.ofDays(7);
    private static final int MAX_GROUP_KEYS = 3;
    private static final int MAX_AGGREGATES = 20;
    private static final int LEAST_POINTS_TO_THIN = 3;
    private static final long FINEST_SECONDS = 10;

    private final LimitSettings limits;
    private final Searches searches;
    private final Instant now;

    private QueryParser(LimitSettings limits, Searches searches, Instant now) {
        this.limits = limits;
        this.searches = searches;
        this.now = now;
    }

    static DataQuery parse(DataParameters given, Instant now, LimitSettings limits, Searches searches) {
        return new QueryParser(limits, searches, now).query(given);
    }

    private DataQuery query(DataParameters given) {
        Instant to = TimeText.instant("to", given.to() == null ? "now" : given.to(), now);
        Instant from = given.from() == null ? to.minus(DEFAULT_RANGE) : TimeText.instant("from", given.from(), now);
        if (!from.isBefore(to)) {
            throw Problems.badParameter("from", "must be before to");
        }
        if (Duration.between(from, to).compareTo(limits.maxRange()) > 0) {
            throw Problems.overLimit("A range may be " + limits.maxRange().toDays() + " days long.");
        }
        List<GroupKey> groupBy = groupBy(given.groupBy());
        List<Aggregate> aggregates = aggregates(given.aggregate());
        @Nullable Thinning thinning = thinning(given.downsample());
        Zone zone = zone(given.timezone());
        DataQuery query = new DataQuery(
                selector(given),
                list("metric", given.metric(), limits.maxMetrics(), "metrics", QueryParser::metric),
                from,
                to,
                asked(given.bucket(), thinning, zone),
                points(given.maxPoints(), thinning),
                new TreeSet<>(aggregates),
                zone,
                fill(given.fill()),
                thinning,
                groupBy,
                top(given, aggregates, groupBy),
                source(given.source()),
                gap(given.maxGap()));
        checkTogether(query);
        return query;
    }

    private static void checkTogether(DataQuery query) {
        boolean raw = query.asked() instanceof Asked.Raw;
        if (raw && query.grouped()) {
            throw Problems.badParameter("groupBy", "needs buckets; raw samples stay with their series");
        }
        if (raw && query.source() != null && query.source() != Tier.RAW) {
            throw Problems.badParameter("source", "must be raw where bucket is raw");
        }
        if (raw && query.fill() != Fill.NONE) {
            throw Problems.badParameter("fill", "needs buckets");
        }
    }

    private Selector selector(DataParameters given) {
        return new Selector(
                list("device", given.device(), limits.maxDevices(), "devices", DeviceId::parse),
                list("site", given.site(), limits.maxDevices(), "sites", SiteId::parse),
                list("type", given.type(), limits.maxDevices(), "types", QueryParser::text),
                labels(given.label()),
                searches.ofParameter("q", given.q()));
    }

    private static <T> List<T> list(
            String name, @Nullable List<String> given, int most, String things, Function<String, Optional<T>> read) {
        if (given == null) {
            return List.of();
        }
        Set<String> distinct = new LinkedHashSet<>(given);
        if (distinct.size() > most) {
            throw Problems.overLimit(
                    "A query may name " + most + " " + things + "; " + distinct.size() + " were named.");
        }
        List<T> values = new ArrayList<>(distinct.size());
        for (@Nullable String text : distinct) {
            values.add((text == null ? Optional.<T>empty() : read.apply(text))
                    .orElseThrow(() -> Problems.badParameter(name, "is not a valid " + name)));
        }
        return List.copyOf(values);
    }

    private static Optional<MetricName> metric(String text) {
        return MetricName.parse(text);
    }

    private static Optional<String> text(String text) {
        boolean fits = !text.isBlank() && text.length() <= Text.MAX_NAME && text.indexOf('\0') < 0;
        return fits ? Optional.of(text) : Optional.empty();
    }

    private static Map<String, String> labels(@Nullable List<String> given) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (@Nullable String pair : given == null ? List.<String>of() : given) {
            int colon = pair == null ? -1 : pair.indexOf(':');
            if (pair == null
                    || colon < 1
                    || colon > Text.MAX_LABEL_KEY
                    || text(pair.substring(colon + 1)).isEmpty()) {
                throw Problems.badParameter("label", "must be KEY:VALUE");
            }
            if (labels.putIfAbsent(pair.substring(0, colon), pair.substring(colon + 1)) != null) {
                throw Problems.badParameter("label", "may name a key once");
            }
            if (labels.size() > Text.MAX_LABELS) {
                throw Problems.overLimit("A query may name " + Text.MAX_LABELS + " labels.");
            }
        }
        return labels;
    }

    private static List<Aggregate> aggregates(@Nullable List<String> given) {
        List<Aggregate> aggregates =
                list("aggregate", given, MAX_AGGREGATES, "aggregates", one -> Optional.of(aggregate("aggregate", one)));
        return aggregates;
    }

    private static Aggregate aggregate(String parameter, String text) {
        return Aggregate.parse(text)
                .orElseThrow(() -> Problems.badParameter(
                        parameter,
                        "must be avg, min, max, sum, count, first, last, stddev, rate, delta, integral, p1 to p99 or "
                                + "time-in-state"));
    }

    private int points(@Nullable String text, @Nullable Thinning thinning) {
        if (text == null) {
            return limits.defaultPoints();
        }
        int points = Numbers.positive("maxPoints", text);
        if (points > limits.maxPoints()) {
            throw Problems.overLimit("A series may have " + limits.maxPoints() + " points.");
        }
        if (thinning != null && points < LEAST_POINTS_TO_THIN) {
            throw Problems.badParameter("maxPoints", "must be 3 or more where points are thinned");
        }
        return points;
    }

    private static Asked asked(@Nullable String bucket, @Nullable Thinning thinning, Zone zone) {
        if (bucket == null ? thinning != null : bucket.equals("raw")) {
            return new Asked.Raw();
        }
        if (thinning != null) {
            throw Problems.badParameter("downsample", "needs bucket=raw, or no bucket");
        }
        if (bucket == null || bucket.equals("auto")) {
            return new Asked.Fitting();
        }
        BucketSpec spec = BucketSpec.parse(bucket).orElseThrow(QueryParser::badBucket);
        if (spec.clockLength().isPresent() && spec.nominalSeconds() % FINEST_SECONDS != 0) {
            throw Problems.badParameter("bucket", "must be a multiple of 10s");
        }
        if (spec.nominalSeconds() > Duration.ofDays(36_500).toSeconds()) {
            throw badBucket();
        }
        if (!zone.equals(new Zone.Of(ZoneOffset.UTC)) && !spec.dividesADay()) {
            throw Problems.badParameter("bucket", "must divide a day, or be of days, where there is a timezone");
        }
        return new Asked.Bucketed(spec);
    }

    private static ProblemException badBucket() {
        return Problems.badParameter(
                "bucket", "must be raw, auto, all or a length such as 10s, 15m, 1h, 1d, 1w, 1mo, of 100 years at most");
    }

    private static Zone zone(@Nullable String text) {
        if (text == null || text.equals("UTC")) {
            return new Zone.Of(ZoneOffset.UTC);
        }
        if (text.equals("site")) {
            return new Zone.OfSite();
        }
        return new Zone.Of(Zones.of(text)
                .orElseThrow(() ->
                        Problems.badParameter("timezone", "must be UTC, site or an IANA name such as Europe/Berlin")));
    }

    private static Fill fill(@Nullable String text) {
        return switch (text == null ? "none" : text) {
            case "none" -> Fill.NONE;
            case "previous" -> Fill.PREVIOUS;
            case "linear" -> Fill.LINEAR;
            default -> throw Problems.badParameter("fill", "must be none, previous or linear");
        };
    }

    private static @Nullable Thinning thinning(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "minmax" -> Thinning.MINMAX;
            case "lttb" -> Thinning.LTTB;
            default -> throw Problems.badParameter("downsample", "must be minmax or lttb");
        };
    }

    private static List<GroupKey> groupBy(@Nullable List<String> given) {
        List<GroupKey> keys = list("groupBy", given, MAX_GROUP_KEYS, "keys to group by", text -> {
            boolean fits = text.length() <= GroupKey.LABEL.length() + Text.MAX_LABEL_KEY && text.indexOf('\0') < 0;
            Optional<GroupKey> key = fits ? GroupKey.parse(text) : Optional.empty();
            if (key.isEmpty()) {
                throw Problems.badParameter("groupBy", "must be device, site, type or label:KEY");
            }
            return key;
        });
        return keys;
    }

    private @Nullable Top top(DataParameters given, List<Aggregate> aggregates, List<GroupKey> groupBy) {
        if (given.top() == null) {
            if (given.orderBy() != null) {
                throw Problems.badParameter("orderBy", "needs top");
            }
            return null;
        }
        if (groupBy.isEmpty()) {
            throw Problems.badParameter("top", "needs groupBy");
        }
        int groups = Numbers.positive("top", given.top());
        if (groups > limits.maxTop()) {
            throw Problems.overLimit("top may be " + limits.maxTop() + ".");
        }
        Aggregate first = aggregates.isEmpty() ? Aggregate.AVG : aggregates.getFirst();
        Aggregate by = given.orderBy() == null ? first : aggregate("orderBy", given.orderBy());
        if (by.kind() == Aggregate.Kind.TIME_IN_STATE) {
            throw Problems.badParameter("orderBy", "must be an aggregate of numbers");
        }
        return new Top(groups, by);
    }

    private static @Nullable Tier source(@Nullable String text) {
        if (text == null || text.equals("auto")) {
            return null;
        }
        return Tier.parse(text).orElseThrow(() -> Problems.badParameter("source", "must be auto, raw, 10s, 1m or 1h"));
    }

    private static Duration gap(@Nullable String text) {
        if (text == null) {
            return DEFAULT_GAP;
        }
        Duration gap = BucketSpec.parse(text)
                .filter(length -> length.nominalSeconds() > 0)
                .map(length -> Duration.ofSeconds(length.nominalSeconds()))
                .orElseThrow(() -> Problems.badParameter("maxGap", "must be a length such as 90s, 15m, 6h"));
        if (gap.compareTo(LONGEST_GAP) > 0) {
            throw Problems.overLimit("maxGap may be " + LONGEST_GAP.toDays() + " days.");
        }
        return gap;
    }

    /** Aggregates that were named, or the four that are always worth knowing. */
    static SortedSet<Aggregate> orUsual(SortedSet<Aggregate> asked) {
        return asked.isEmpty()
                ? new TreeSet<>(List.of(Aggregate.AVG, Aggregate.MIN, Aggregate.MAX, Aggregate.COUNT))
                : asked;
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
