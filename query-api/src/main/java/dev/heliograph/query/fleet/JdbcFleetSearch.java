package dev.heliograph.query.fleet;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.query.fleet.FleetCells.Cell;
import dev.heliograph.query.fleet.FleetGroups.FleetGroup;
import dev.heliograph.query.search.Search;
import dev.heliograph.query.search.SearchSql;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts devices of a search by place or by what they have in common. */
public final class JdbcFleetSearch {
    private static final String STATES = """
             sum(n) AS devices, COALESCE(sum(n) FILTER (WHERE state = 'reporting'), 0) AS reporting,
             COALESCE(sum(n) FILTER (WHERE state = 'late'), 0) AS late,
             COALESCE(sum(n) FILTER (WHERE state = 'silent'), 0) AS silent,
             COALESCE(sum(n) FILTER (WHERE state = 'offline'), 0) AS offline,
             COALESCE(sum(n) FILTER (WHERE state = 'unknown'), 0) AS unknown
            """;
    private static final String FROM = """
              FROM device d LEFT JOIN presence p ON p.tenant = d.tenant AND p.device = d.id
            """;
    // Devices stand together at few places, so they are counted by place before anything is computed of places.
    private static final String PLACES = """
            WITH place AS (
                SELECT COALESCE(d.latitude, r.latitude, s.latitude) AS lat,
                       COALESCE(d.longitude, r.longitude, s.longitude) AS lon, COALESCE(p.state, 'unknown') AS state,
                       count(*) AS n
            """ + FROM + """
              LEFT JOIN device_position r ON r.tenant = d.tenant AND r.device = d.id
              LEFT JOIN site s ON s.tenant = d.tenant AND s.id = d.site
                 WHERE d.tenant = :tenant AND d.enabled
                   AND COALESCE(d.latitude, r.latitude, s.latitude) BETWEEN :south AND :north
                   AND CASE WHEN :crosses THEN COALESCE(d.longitude, r.longitude, s.longitude) >= :west
                                              OR COALESCE(d.longitude, r.longitude, s.longitude) <= :east
                            ELSE COALESCE(d.longitude, r.longitude, s.longitude) BETWEEN :west AND :east END
            """;
    // Without a search: devices that stand at their site are counted already, the others are read from one table.
    private static final String COUNTED_PLACES = """
            WITH place AS (
                SELECT s.latitude AS lat, s.longitude AS lon, c.state, c.devices AS n
                  FROM fleet_count c JOIN site s ON s.tenant = c.tenant AND s.id = c.site
                 WHERE c.tenant = :tenant AND NOT c.placed AND c.devices <> 0
                   AND s.latitude BETWEEN :south AND :north
                   AND CASE WHEN :crosses THEN s.longitude >= :west OR s.longitude <= :east
                            ELSE s.longitude BETWEEN :west AND :east END
                UNION ALL
                SELECT m.latitude, m.longitude, m.state, 1
                  FROM fleet_member m
                 WHERE m.tenant = :tenant AND m.latitude BETWEEN :south AND :north
                   AND CASE WHEN :crosses THEN m.longitude >= :west OR m.longitude <= :east
                            ELSE m.longitude BETWEEN :west AND :east END),
            """;
    private static final String SQUARES = """
            square AS (
                SELECT *, LEAST(floor((lon + 180) / 360 * :side), :side - 1)::int AS x,
                       radians(LEAST(GREATEST(lat, -CAST(:pole AS float8)), CAST(:pole AS float8))) AS phi
                  FROM place)
            SELECT x, LEAST(GREATEST(floor((1 - ln(tan(phi) + 1 / cos(phi)) / pi()) / 2 * :side), 0), :side - 1)::int AS y,
                   sum(lat * n) / sum(n) AS lat, sum(lon * n) / sum(n) AS lon,
            """ + STATES + " FROM square GROUP BY 1, 2 ORDER BY 1, 2";

    private final JdbcClient jdbc;

    public JdbcFleetSearch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Enabled devices by square, of what is counted. */
    List<Cell> cells(TenantId tenant, MapGrid grid) {
        return cells(COUNTED_PLACES + SQUARES, parameters(tenant, grid));
    }

    /** The same of the devices that a search finds, as they are now. */
    List<Cell> cells(TenantId tenant, MapGrid grid, Search search) {
        Map<String, Object> parameters = parameters(tenant, grid);
        String places = PLACES + SearchSql.conditions(search, parameters) + " GROUP BY 1, 2, 3), ";
        return cells(places + SQUARES, parameters);
    }

    private static Map<String, Object> parameters(TenantId tenant, MapGrid grid) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("south", grid.south());
        parameters.put("north", grid.north());
        parameters.put("west", grid.west());
        parameters.put("east", grid.east());
        parameters.put("crosses", grid.crossesTheDateLine());
        parameters.put("side", grid.side());
        parameters.put("pole", MapGrid.MOST_LATITUDE);
        return parameters;
    }

    private List<Cell> cells(String sql, Map<String, Object> parameters) {
        return jdbc.sql(sql)
                .params(parameters)
                .query((row, number) -> new Cell(
                        row.getInt("x"),
                        row.getInt("y"),
                        row.getDouble("lat"),
                        row.getDouble("lon"),
                        row.getLong("devices"),
                        row.getLong("reporting"),
                        row.getLong("late"),
                        row.getLong("silent"),
                        row.getLong("offline"),
                        row.getLong("unknown")))
                .list();
    }

    /** Up to {@code most} groups, largest first. */
    List<FleetGroup> groups(TenantId tenant, Grouping grouping, Search search, int most) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("most", most);
        String label = grouping.label();
        if (label != null) {
            parameters.put("label", label);
        }
        return jdbc.sql("WITH counted AS (SELECT " + grouping.sql()
                        + " AS value, COALESCE(p.state, 'unknown') AS state, count(*) AS n" + FROM
                        + " WHERE d.tenant = :tenant AND d.enabled" + SearchSql.conditions(search, parameters)
                        + " GROUP BY 1, 2) SELECT value, " + STATES
                        + " FROM counted GROUP BY 1 ORDER BY devices DESC, value NULLS LAST LIMIT :most")
                .params(parameters)
                .query((row, number) -> new FleetGroup(
                        row.getString("value"),
                        row.getLong("devices"),
                        row.getLong("reporting"),
                        row.getLong("late"),
                        row.getLong("silent"),
                        row.getLong("offline"),
                        row.getLong("unknown")))
                .list();
    }
}
