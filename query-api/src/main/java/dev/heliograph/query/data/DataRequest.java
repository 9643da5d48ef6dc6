package dev.heliograph.query.data;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /data:query}: the parameters of {@code GET /data} by the same names.
 *
 * @param device ids; absent: all that the other filters leave
 * @param site ids of sites, one of which the device must be at
 * @param type device types, one of which it must be
 * @param label {@code KEY:VALUE}, all of which it must have
 * @param q a search of devices, as of {@code GET /devices}, that must find it
 * @param metric names; absent: all
 * @param from start, inclusive: RFC 3339 with an offset, or {@code now-24h}; one hour before {@code to} where absent
 * @param to end, exclusive; now where absent
 * @param aggregate what to tell of buckets
 * @param bucket {@code raw}, {@code auto}, a length such as {@code 15m} or {@code 1mo}, or {@code all}
 * @param maxPoints most points of a series where the bucket is chosen, or raw is thinned
 * @param timezone an IANA name, {@code UTC}, or {@code site} for that of each device's site
 * @param fill {@code none}, {@code previous} or {@code linear}
 * @param downsample {@code minmax} or {@code lttb}: thins raw points to {@code maxPoints}
 * @param groupBy {@code site}, {@code type}, {@code device} or {@code label:KEY}; series of a group and metric become one
 * @param top only the groups with the largest values; the rest becomes one group
 * @param orderBy the aggregate that {@code top} looks at; the first where absent
 * @param source {@code raw}, {@code 10s}, {@code 1m} or {@code 1h}: what to compute from; chosen where absent
 * @param maxGap longest time between samples that belong together, for rate, delta and integral
 * @param limit most series of a page, where there is no grouping
 * @param cursor where the page before ended
 */
@Schema(example = """
                {"site":["berlin"],"metric":["temperature"],"from":"now-7d","aggregate":["avg","p95"],"bucket":"1d",\
                "timezone":"Europe/Berlin","groupBy":["type"]}\
                """)
record DataRequest(
        @Nullable List<String> device,
        @Nullable List<String> site,
        @Nullable List<String> type,
        @Nullable List<String> label,
        @Nullable String q,
        @Nullable List<String> metric,
        @Nullable String from,
        @Nullable String to,
        @Nullable List<String> aggregate,
        @Nullable String bucket,
        @Nullable Integer maxPoints,
        @Nullable String timezone,
        @Nullable String fill,
        @Nullable String downsample,
        @Nullable List<String> groupBy,
        @Nullable Integer top,
        @Nullable String orderBy,
        @Nullable String source,
        @Nullable String maxGap,
        @Nullable Integer limit,
        @Nullable String cursor) {
    DataParameters parameters() {
        return new DataParameters(
                device,
                site,
                type,
                label,
                q,
                metric,
                from,
                to,
                aggregate,
                bucket,
                text(maxPoints),
                timezone,
                fill,
                downsample,
                groupBy,
                text(top),
                orderBy,
                source,
                maxGap,
                text(limit),
                cursor);
    }

    private static @Nullable String text(@Nullable Integer number) {
        return number == null ? null : number.toString();
    }
}
