package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.Etags;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /devices}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "devices", description = "Devices, their newest samples, registration and credentials")
class DevicesController {
    private final JdbcDevices devices;
    private final JdbcLatest latest;
    private final DeviceRegistry registry;
    private final Pages pages;
    private final Clock clock;

    DevicesController(JdbcDevices devices, JdbcLatest latest, DeviceRegistry registry, Pages pages, Clock clock) {
        this.devices = devices;
        this.latest = latest;
        this.registry = registry;
        this.pages = pages;
        this.clock = clock;
    }

    @GetMapping("/devices")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "listDevices", summary = "Devices by filter and order, a page at a time")
    DevicePage list(
            Caller caller,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(required = false) @Nullable String site,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String sort,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        DeviceFilter filter = DeviceFilter.of(q, status, site, type);
        DeviceSort order = DeviceSort.of(sort);
        int size = pages.size(limit);
        String query = "devices|" + filter + "|" + order;
        List<@Nullable String> after = pages.after(caller.tenant(), query, cursor, 2);
        List<JdbcDevices.Keyed> found = devices.page(caller.tenant(), filter, order, size + 1, after);
        List<JdbcDevices.Keyed> shown = found.subList(0, Math.min(size, found.size()));
        String next = found.size() > size
                ? pages.next(
                        caller.tenant(),
                        query,
                        shown.getLast().key(),
                        shown.getLast().device().id())
                : null;
        long total = devices.count(caller.tenant(), filter, pages.counted());
        return new DevicePage(
                shown.stream().map(JdbcDevices.Keyed::device).toList(),
                next,
                Math.min(total, pages.counted()),
                total <= pages.counted());
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
