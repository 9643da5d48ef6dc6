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
                SELECT COALESCE(d.latitude, s.latitude) AS lat, COALESCE(d.longitude, s.longitude) AS lon,
                       COALESCE(p.state, 'unknown') AS state, count(*) AS n
            """ + FROM + """
              LEFT JOIN site s ON s.tenant = d.tenant AND s.id = d.site
                 WHERE d.tenant = :tenant AND d.enabled
                   AND COALESCE(d.latitude, s.latitude) BETWEEN :south AND :north
                   AND CASE WHEN :crosses THEN COALESCE(d.longitude, s.longitude) >= :west
                                              OR COALESCE(d.longitude, s.longitude) <= :east
                            ELSE COALESCE(d.longitude, s.longitude) BETWEEN :west AND :east END
            """;
    private static final String CELLS = """
                 GROUP BY 1, 2, 3),
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

    List<Cell> cells(TenantId tenant, MapGrid grid, Search search) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("tenant", tenant.value());
        parameters.put("south", grid.south());
        parameters.put("north", grid.north());
        parameters.put("west", grid.west());
        parameters.put("east", grid.east());
        parameters.put("crosses", grid.crossesTheDateLine());
        parameters.put("side", grid.side());
        parameters.put("pole", MapGrid.MOST_LATITUDE);
        return jdbc.sql(PLACES + SearchSql.conditions(search, parameters) + CELLS)
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
