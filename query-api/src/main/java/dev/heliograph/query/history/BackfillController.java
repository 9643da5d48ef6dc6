package dev.heliograph.query.history;

import dev.heliograph.query.audit.AuditTrail;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /data:backfill}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "history", description = "History that comes late, and changes of what is stored")
class BackfillController {
    private final Backfill backfill;
    private final HistorySettings settings;
    private final AuditTrail audit;
    private final JsonMapper json;

    BackfillController(Backfill backfill, HistorySettings settings, AuditTrail audit, JsonMapper json) {
        this.backfill = backfill;
        this.settings = settings;
        this.audit = audit;
        this.json = json;
    }

    @PostMapping(
            path = "/data:backfill",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "text/csv"})
    @Repeatable
    @RequiresRole(Role.OPERATOR)
    @Operation(
            operationId = "backfill",
            summary = "Bring readings of the past, of any device of the tenant; 202 when Kafka has them",
            description =
                    "JSON: one reading or an array, as a device sends it, with `device` and `ts` in each. CSV: a header"
                            + " with `device`, `time` and the metrics, then a line for each reading. Presence, alerts and the live"
                            + " stream do not learn of these readings; the stream tells which ranges have changed. Sending them again changes nothing.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(ref = "#/components/schemas/BackfillReadings")),
                                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
                            }))
    ResponseEntity<BackfillAnswer> backfill(Caller caller, HttpServletRequest request) throws IOException {
        boolean csv = MediaType.parseMediaType(request.getContentType()).isCompatibleWith(new MediaType("text", "csv"));
        BackfillAnswer answer = backfill.take(
                caller.tenant(),
                () -> csv
                        ? new CsvItems(request.getInputStream(), settings.maxMetrics())
                        : new JsonItems(request.getInputStream(), json, settings.maxMetrics()));
        audit.record(
                caller.tenant(),
                caller,
                "data.backfill",
                csv ? "csv" : "json",
                Map.of("accepted", answer.accepted(), "refused", answer.refusedCount()));
        return ResponseEntity.status(HttpStatus.ACCEPTED).body(answer);
    }
}
