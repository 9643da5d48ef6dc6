package dev.heliograph.query.devices;

import dev.heliograph.query.devices.DeviceImport.ImportResult;
import dev.heliograph.query.idempotency.Repeatable;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Devices as files. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "devices")
class DeviceFilesController {
    private static final String CSV = "text/csv";

    private final DeviceExport export;
    private final DeviceImport imports;
    private final Searches searches;

    DeviceFilesController(DeviceExport export, DeviceImport imports, Searches searches) {
        this.export = export;
        this.imports = imports;
        this.searches = searches;
    }

    @GetMapping(path = "/devices:export", produces = CSV)
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "exportDevices", summary = "Devices of a search as CSV, by id; the import reads it again")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = CSV, schema = @Schema(type = "string")))
    void export(
            Caller caller,
            HttpServletResponse response,
            @Parameter(description = "Search, as of GET /devices", example = "site:lyon")
                    @RequestParam(required = false)
                    @Nullable
                    String q)
            throws IOException {
        Search search = searches.ofParameter("q", q);
        export.write(caller.tenant(), search, () -> {
            response.setContentType(CSV + ";charset=UTF-8");
            response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"heliograph-devices.csv\"");
            return response.getOutputStream();
        });
    }

    @PostMapping(path = "/devices:import", consumes = CSV)
    @Repeatable
    @RequiresRole(Role.ADMIN)
    @Operation(
            operationId = "importDevices",
            summary = "Create and change devices by a CSV file, all rows or none; dryRun=true tells what it would do",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(mediaType = CSV, schema = @Schema(type = "string"))))
    ResponseEntity<ImportResult> importDevices(
            Caller caller, HttpServletRequest request, @RequestParam(required = false) @Nullable String dryRun)
            throws IOException {
        if (dryRun != null && !dryRun.equals("true") && !dryRun.equals("false")) {
            throw Problems.badParameter("dryRun", "must be true or false");
        }
        ImportResult result = imports.run(caller, request.getInputStream(), "true".equals(dryRun));
        boolean waits = !result.dryRun() && !result.published();
        return ResponseEntity.status(waits ? HttpStatus.ACCEPTED : HttpStatus.OK)
                .body(result);
    }
}
