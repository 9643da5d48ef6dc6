package dev.heliograph.query.history;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Changes of {@code /data}, and {@code /corrections}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "history", description = "History that comes late, and changes of what is stored")
class CorrectionsController {
    private static final String HOW = "Applies to everything that was received before. Windows follow. 202 with the"
            + " correction, whose status says when it is done; with dryRun=true 200 with what it would touch.";

    private final Corrections corrections;

    CorrectionsController(Corrections corrections) {
        this.corrections = corrections;
    }

    @DeleteMapping("/data/{deviceId}")
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "deleteData",
            summary = "Delete what is stored of a device in a range, of one metric or of all",
            description = HOW)
    ResponseEntity<CorrectionAnswer> delete(
            Caller caller,
            @PathVariable DeviceId deviceId,
            @RequestParam(required = false) @Nullable MetricName metric,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String dryRun) {
        boolean dry = flag("dryRun", dryRun);
        return answer(corrections.take(
                caller,
                deviceId,
                dry,
                wishes -> wishes.deletion(deviceId, metric, from, to, dry && reason == null ? "dry run" : reason)));
    }

    @PostMapping("/data/{deviceId}:correct")
    @Repeatable
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "correctData",
            summary = "Correct the samples of one series: set, offset or scale a range, or give points",
            description = HOW)
    ResponseEntity<CorrectionAnswer> correct(
            Caller caller,
            @PathVariable DeviceId deviceId,
            @RequestParam(required = false) @Nullable String dryRun,
            @RequestBody CorrectionDraft draft) {
        return answer(corrections.take(
                caller, deviceId, flag("dryRun", dryRun), wishes -> wishes.correction(deviceId, draft)));
    }

    @GetMapping("/corrections/{id}")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getCorrection", summary = "A deletion or correction and how far it has come")
    Correction get(Caller caller, @PathVariable UUID id) {
        return corrections.find(caller.tenant(), id);
    }

    private static boolean flag(String name, @Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (!text.equals("true")) {
            throw Problems.badParameter(name, "must be true or false");
        }
        return true;
    }

    private static ResponseEntity<CorrectionAnswer> answer(CorrectionAnswer answer) {
        Correction correction = answer.correction();
        return correction == null
                ? ResponseEntity.ok(answer)
                : ResponseEntity.accepted()
                        .location(URI.create("/api/v1/corrections/" + correction.id()))
                        .body(answer);
    }
}
