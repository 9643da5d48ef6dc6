package dev.heliograph.query.devices;

import dev.heliograph.query.devices.BulkChange.BulkDraft;
import dev.heliograph.query.devices.BulkChange.BulkOrder;
import dev.heliograph.query.devices.BulkChange.BulkPreview;
import dev.heliograph.query.devices.BulkChange.BulkResult;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Changes of many devices. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "devices")
class FleetChangesController {
    private final BulkChanges changes;

    FleetChangesController(BulkChanges changes) {
        this.changes = changes;
    }

    @PostMapping("/devices:preview")
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "previewDeviceChange",
            summary = "What a change of all devices of a search would do; changes nothing")
    BulkPreview preview(Caller caller, @RequestBody BulkDraft draft) {
        return changes.preview(caller, draft);
    }

    @PostMapping("/devices:apply")
    @Repeatable
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "applyDeviceChange",
            summary =
                    "Carry out exactly what was previewed, or nothing: 409 if one of the devices was changed since, 404 once it "
                            + "was done or has expired; who sends it with an Idempotency-Key is answered as the first "
                            + "time. 202 while Kafka can not be told yet")
    ResponseEntity<BulkResult> apply(Caller caller, @RequestBody BulkOrder order) {
        if (order.token() == null) {
            throw Problems.badBody("/token", "is required: the token of a preview");
        }
        BulkResult done = changes.apply(caller, order.token());
        return ResponseEntity.status(done.published() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(done);
    }
}
