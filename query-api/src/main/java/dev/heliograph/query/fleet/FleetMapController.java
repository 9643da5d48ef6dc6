package dev.heliograph.query.fleet;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.devices.FleetSettings;
import dev.heliograph.query.fleet.FleetGroups.FleetGroup;
import dev.heliograph.query.paging.Pages;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.Searches;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.RequiresRole;
import dev.heliograph.query.security.Role;
import dev.heliograph.query.web.ShortCache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The fleet by place and by what devices have in common. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "fleet")
class FleetMapController {
    private static final int KEPT_MAPS = 200;

    private final JdbcFleetSearch fleet;
    private final FleetCounts counts;
    private final Searches searches;
    private final Pages pages;
    private final FleetSettings settings;
    private final Clock clock;
    private final ShortCache<Shown, FleetCells> maps;

    FleetMapController(
            JdbcFleetSearch fleet,
            FleetCounts counts,
            Searches searches,
            Pages pages,
            FleetSettings settings,
            Clock clock) {
        this.settings = settings;
        this.fleet = fleet;
        this.counts = counts;
        this.searches = searches;
        this.pages = pages;
        this.clock = clock;
        this.maps = new ShortCache<>(clock, settings.refresh(), KEPT_MAPS);
    }

    /** What a map shows, by which those who look at the same share it. */
    private record Shown(TenantId tenant, MapGrid grid, int zoom, Search search) {}

    @GetMapping("/fleet/cells")
    @RequiresRole(Role.VIEWER)
    @Operation(operationId = "getFleetCells", summary = "Devices on a map, counted by squares of it and by presence")
    FleetCells cells(
            Caller caller,
            @Parameter(
                            description = "west,south,east,north in degrees; west above east crosses 180°",
                            example = "5,45,15,55")
                    @RequestParam
                    String bbox,
            @Parameter(
                            description = "Zoom of a map of tiles, 0 to 22; a square is a quarter of a tile wide",
                            example = "5")
                    @RequestParam
                    String zoom,
            @Parameter(description = "Search, as of GET /devices") @RequestParam(required = false) @Nullable String q) {
        MapGrid grid = MapGrid.of(bbox, zoom, settings.maxCells());
        Shown map = new Shown(caller.tenant(), grid, Integer.parseInt(zoom), searches.ofParameter("q", q));
        return maps.get(map, () -> load(map));
    }

    private FleetCells load(Shown map) {
        Instant now = clock.instant();
        // A search looks at the devices themselves.
        boolean all = map.search().equals(Search.ALL);
        Instant countedUntil = all ? counts.count(map.tenant()).orElse(now) : now;
        List<FleetCells.Cell> cells =
                all ? fleet.cells(map.tenant(), map.grid()) : fleet.cells(map.tenant(), map.grid(), map.search());
        return new FleetCells(map.zoom(), map.grid().side(), cells, now, countedUntil);
    }

    @GetMapping("/fleet/groups")
    @RequiresRole(Role.VIEWER)
    @Operation(
            operationId = "getFleetGroups",
            summary = "Devices counted by site, type, firmware or label, and by presence")
    FleetGroups groups(
            Caller caller,
            @Parameter(description = "site, type, firmware or label:KEY", example = "firmware") @RequestParam
                    String groupBy,
            @Parameter(description = "Search, as of GET /devices") @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable String limit) {
        int size = pages.size(limit);
        List<FleetGroup> found =
                fleet.groups(caller.tenant(), Grouping.of(groupBy), searches.ofParameter("q", q), size + 1);
        return new FleetGroups(groupBy, found.subList(0, Math.min(size, found.size())), found.size() > size);
    }
}
