package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.LimitSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /data}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "data", description = "What devices measured, over a range")
class DataController {
    private final DataQueries queries;
    private final DataResponses responses;
    private final LimitSettings limits;
    private final Searches searches;

    DataController(DataQueries queries, DataResponses responses, LimitSettings limits, Searches searches) {
        this.searches = searches;
        this.queries = queries;
        this.responses = responses;
        this.limits = limits;
    }

    @GetMapping(
            path = "/data/{deviceId}",
            produces = {Format.JSON_TYPE, Format.NDJSON_TYPE, Format.CSV_TYPE})
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "getData",
            summary = "Series of one device over a range; raw, or buckets that fit the points asked for")
    @Answer
    void data(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @PathVariable DeviceId deviceId,
            @RequestParam(name = "metric", required = false) @Nullable List<MetricName> metrics,
            @Parameter(example = "now-24h") @RequestParam(required = false) @Nullable String from,
            @Parameter(example = "now") @RequestParam(required = false) @Nullable String to,
            @RequestParam(name = "aggregate", required = false) @Nullable List<String> aggregates,
            @Parameter(example = "15m") @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String maxPoints,
            @Parameter(example = "Europe/Berlin") @RequestParam(required = false) @Nullable String timezone,
            @RequestParam(required = false) @Nullable String fill,
            @RequestParam(required = false) @Nullable String downsample,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String maxGap,
            @RequestParam(required = false) @Nullable String format) {
        DataParameters given = new DataParameters(
                null,
                null,
                null,
                null,
                null,
                names(metrics),
                from,
                to,
                aggregates,
                bucket,
                maxPoints,
                timezone,
                fill,
                downsample,
                null,
                null,
                null,
                source,
                maxGap,
                null,
                null);
        responses.write(request, response, format, now -> {
            DataQuery query = QueryParser.parse(given, now, limits, searches);
            // About one device these four are always told.
            TreeSet<dev.heliograph.query.data.calc.Aggregate> told = new TreeSet<>(query.aggregates());
            told.addAll(QueryParser.orUsual(new TreeSet<>()));
            return queries.ofDevice(caller.tenant(), deviceId, query.withAggregates(told), now);
        });
    }

    @GetMapping(
            path = "/data",
            produces = {Format.JSON_TYPE, Format.NDJSON_TYPE, Format.CSV_TYPE})
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "listData",
            summary = "Series of many devices over a range, each on its own by pages, or put together by groups")
    @Answer
    void list(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam(name = "device", required = false) @Nullable List<String> devices,
            @RequestParam(name = "site", required = false) @Nullable List<String> sites,
            @RequestParam(name = "type", required = false) @Nullable List<String> types,
            @RequestParam(name = "label", required = false) @Nullable List<String> labels,
            @Parameter(
                            description = "A search of devices, as of GET /devices, that must find it",
                            example = "site:lyon temp>30 -fw:2.3")
                    @RequestParam(required = false)
                    @Nullable
                    String q,
            @RequestParam(name = "metric", required = false) @Nullable List<MetricName> metrics,
            @Parameter(example = "now-7d") @RequestParam(required = false) @Nullable String from,
            @Parameter(example = "now") @RequestParam(required = false) @Nullable String to,
            @RequestParam(name = "aggregate", required = false) @Nullable List<String> aggregates,
            @Parameter(example = "1d") @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String maxPoints,
            @Parameter(example = "site") @RequestParam(required = false) @Nullable String timezone,
            @RequestParam(required = false) @Nullable String fill,
            @RequestParam(required = false) @Nullable String downsample,
            @RequestParam(required = false) @Nullable List<String> groupBy,
            @RequestParam(required = false) @Nullable String top,
            @RequestParam(required = false) @Nullable String orderBy,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable String maxGap,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable String format) {
        DataParameters given = new DataParameters(
                devices,
                sites,
                types,
                labels,
                q,
                names(metrics),
                from,
                to,
                aggregates,
                bucket,
                maxPoints,
                timezone,
                fill,
                downsample,
                groupBy,
                top,
                orderBy,
                source,
                maxGap,
                limit,
                cursor);
        responses.write(request, response, format, ofFleet(caller, given));
    }

    @PostMapping(
            path = "/data:query",
            produces = {Format.JSON_TYPE, Format.NDJSON_TYPE, Format.CSV_TYPE})
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "queryData",
            summary = "The same as listData, for queries that are too long for an address; it changes nothing")
    @Answer
    void query(
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestBody DataRequest body,
            @RequestParam(required = false) @Nullable String format) {
        responses.write(request, response, format, ofFleet(caller, body.parameters()));
    }

    private Function<Instant, PreparedQuery> ofFleet(Caller caller, DataParameters given) {
        return now -> queries.ofFleet(caller.tenant(), given, QueryParser.parse(given, now, limits, searches), now);
    }

    private static @Nullable List<String> names(@Nullable List<MetricName> metrics) {
        return metrics == null ? null : metrics.stream().map(MetricName::value).toList();
    }

    /** What these operations answer. */
    @java.lang.annotation.Target(java.lang.annotation.ElementType.METHOD)
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "200",
            description = "Columns as JSON; a row a point as NDJSON or CSV",
            content = {
                @Content(mediaType = Format.JSON_TYPE, schema = @Schema(implementation = DataAnswer.class)),
                @Content(mediaType = Format.NDJSON_TYPE, schema = @Schema(type = "string")),
                @Content(mediaType = Format.CSV_TYPE, schema = @Schema(type = "string"))
            })
    private @interface Answer {}
}
