package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.Etags;
import dev.heliograph.query.web.MergePatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /devices}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "devices", description = "Devices, their newest samples, registration and credentials")
class DevicesController {
    private final JdbcDevices devices;
    private final JdbcLatest latest;
    private final DeviceRegistry registry;
    private final DeviceLists lists;
    private final Searches searches;
    private final Pages pages;
    private final Clock clock;

    DevicesController(
            JdbcDevices devices,
            JdbcLatest latest,
            DeviceRegistry registry,
            DeviceLists lists,
            Searches searches,
            Pages pages,
            Clock clock) {
        this.devices = devices;
        this.latest = latest;
        this.registry = registry;
        this.lists = lists;
        this.searches = searches;
        this.pages = pages;
        this.clock = clock;
    }

    @GetMapping("/devices")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listDevices", summary = "Devices by search and order, a page at a time")
    DevicePage list(
            Caller caller,
            @Parameter(
                            description =
                                    "Search: words, field:value, metric comparisons, each with - to exclude; see the guide",
                            example = "site:lyon status:late temp>30 -fw:2.3")
                    @RequestParam(required = false)
                    @Nullable
                    String q,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String site,
            @RequestParam(required = false) @Nullable String type,
            @Parameter(description = "id, -id, name, -name, lastSeen, -lastSeen or status (worst first)")
                    @RequestParam(required = false)
                    @Nullable
                    String sort,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Search search = DeviceFilter.of(searches, q, status, site, type);
        return lists.page(caller.tenant(), search, DeviceSort.of(sort), pages.size(limit), cursor);
    }

    @GetMapping("/devices/{id}")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getDevice", summary = "One device with its metrics")
    ResponseEntity<Device> get(Caller caller, @PathVariable DeviceId id) {
        return answer(HttpStatus.OK, found(caller, id));
    }

    @PutMapping("/devices/{id}")
    @RequiresRole(Role.ADMIN)
    @Operation(operationId = "putDevice", summary = "Create a device, or replace one whose version If-Match names")
    ResponseEntity<Device> put(
            Caller caller,
            @PathVariable DeviceId id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody DeviceChange change) {
        boolean created = registry.put(caller, id, change, ifMatch);
        return answer(created ? HttpStatus.CREATED : HttpStatus.OK, found(caller, id));
    }

    @PatchMapping(
            path = "/devices/{id}",
            consumes = {MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON_VALUE})
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "patchDevice",
            summary = "Change some fields of a device by JSON Merge Patch (RFC 7396); null clears; needs If-Match")
    ResponseEntity<Device> patch(
            Caller caller,
            @PathVariable DeviceId id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = DeviceChange.class)))
                    @RequestBody
                    JsonNode patch) {
        registry.patch(caller, id, patch, ifMatch);
        return answer(HttpStatus.OK, found(caller, id));
    }

    @DeleteMapping("/devices/{id}")
    @RequiresRole(Role.ADMIN)
    @Operation(operationId = "disableDevice", summary = "Disable a device and revoke its credentials; its data stays")
    ResponseEntity<Void> disable(
            Caller caller,
            @PathVariable DeviceId id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        registry.disable(caller, id, ifMatch);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/devices/{id}/credentials")
    @Repeatable
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "issueCredentials",
            summary = "Replace the password of a device; shown once. 202 while Kafka can not be told yet")
    ResponseEntity<DeviceRegistry.Issued> issue(Caller caller, @PathVariable DeviceId id) {
        DeviceRegistry.Issued issued = registry.issue(caller, id);
        return ResponseEntity.status(issued.published() ? HttpStatus.CREATED : HttpStatus.ACCEPTED)
                .body(issued);
    }

    @DeleteMapping("/devices/{id}/credentials")
    @RequiresRole(Role.ADMIN)
    @Operation(operationId = "revokeCredentials", summary = "Take the credentials of a device")
    ResponseEntity<Void> revoke(Caller caller, @PathVariable DeviceId id) {
        registry.revoke(caller, id);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/devices:register")
    @Repeatable
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "registerDevices",
            summary =
                    "Create or complete many devices; answers when that is published. 202 while Kafka can not be told yet")
    ResponseEntity<Registration.Result> register(Caller caller, @RequestBody Registration registration) {
        Registration.Result result = registry.register(caller, registration);
        return ResponseEntity.status(result.published() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .body(result);
    }

    @GetMapping("/devices/{id}/latest")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getLatest", summary = "The newest sample of each metric with its times")
    LatestSamples latest(Caller caller, @PathVariable DeviceId id) {
        return latest.find(caller.tenant(), id, clock.instant()).orElseThrow(Problems::notFound);
    }

    private Device found(Caller caller, DeviceId id) {
        return devices.find(caller.tenant(), id).orElseThrow(Problems::notFound);
    }

    private static ResponseEntity<Device> answer(HttpStatus status, Device device) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status).eTag(Etags.of(device.version()));
        if (status == HttpStatus.CREATED) {
            answer.location(URI.create("/api/v1/devices/" + device.id()));
        }
        return answer.body(device);
    }
}
