package dev.heliograph.query.data;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.LimitSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /data}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "data", description = "What a device measured, over a range")
class DataController {
    private final RangeQueries queries;
    private final LimitSettings limits;
    private final Clock clock;

    DataController(RangeQueries queries, LimitSettings limits, Clock clock) {
        this.queries = queries;
        this.limits = limits;
        this.clock = clock;
    }

    @GetMapping("/data/{deviceId}")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "getData",
            summary = "Series of one device over a range; raw, or buckets that fit the points asked for")
    ResponseEntity<DataAnswer> data(
            Caller caller,
            @PathVariable DeviceId deviceId,
            @RequestParam(name = "metric", required = false) @Nullable List<MetricName> metrics,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(name = "aggregate", required = false) @Nullable List<String> aggregates,
            @RequestParam(required = false) @Nullable String bucket,
            @RequestParam(required = false) @Nullable String maxPoints,
            @RequestParam(required = false) @Nullable String format) {
        DataQuery.Parameters given = new DataQuery.Parameters(metrics, from, to, aggregates, bucket, maxPoints, format);
        DataAnswer answer = queries.answer(caller.tenant(), deviceId, DataQuery.of(given, clock.instant(), limits));
        ResponseEntity.BodyBuilder response = ResponseEntity.ok();
        Instant through = answer.dataThrough();
        if (through != null) {
            response.header("X-Data-Through", through.toString());
        }
        return response.body(answer);
    }
}
