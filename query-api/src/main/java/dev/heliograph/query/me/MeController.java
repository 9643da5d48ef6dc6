package dev.heliograph.query.me;

import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.stream.StreamSettings;
import dev.heliograph.query.web.LimitSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /me}. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "me", description = "Who calls, what it may do, and how much it may ask for")
class MeController {
    private final LimitSettings limits;
    private final StreamSettings stream;

    MeController(LimitSettings limits, StreamSettings stream) {
        this.limits = limits;
        this.stream = stream;
    }

    /** The caller, by its token. */
    record Me(String subject, String name, String tenant, List<String> roles, List<String> rights, Limits limits) {}

    /** How much one request may ask for. */
    record Limits(
            int maxPoints,
            int maxMetricsPerQuery,
            int maxDevicesPerQuery,
            int maxPageSize,
            long maxRangeSeconds,
            long maxRows,
            int registerBatch,
            long maxBodyBytes,
            int sseConnections,
            int sseDevices) {}

    @GetMapping("/me")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getMe", summary = "Who calls, its rights and limits")
    Me me(Caller caller) {
        return new Me(
                caller.subject(),
                caller.name(),
                caller.tenant().value(),
                Stream.of(Role.values())
                        .filter(role -> caller.role().includes(role))
                        .map(Role::claim)
                        .toList(),
                rights(caller.role()),
                new Limits(
                        limits.maxPoints(),
                        limits.maxMetrics(),
                        limits.maxDevices(),
                        limits.maxPageSize(),
                        limits.maxRange().toSeconds(),
                        limits.maxRows(),
                        limits.registerBatch(),
                        limits.maxBodyBytes(),
                        stream.connectionsPerUser(),
                        stream.maxDevices()));
    }

    private static List<String> rights(Role role) {
        List<String> rights = new ArrayList<>(List.of(
                "devices:read",
                "data:read",
                "metrics:read",
                "sites:read",
                "alerts:read",
                "rules:read",
                "quarantine:read",
                "system:read",
                "stream:read"));
        if (role.includes(Role.OPERATOR)) {
            rights.addAll(List.of("alerts:acknowledge", "quarantine:replay", "rules:write"));
        }
        if (role.includes(Role.ADMIN)) {
            rights.addAll(List.of("devices:write", "credentials:write", "sites:write", "metrics:write"));
        }
        return List.copyOf(rights);
    }
}
