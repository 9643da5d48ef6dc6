package dev.heliograph.query.system;

import dev.heliograph.query.database.StoreState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sizes and positions in the store, platform-wide, refreshed by a schedule: estimates only, history is never counted. */
public final class StoreProbe {
    private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);
    // Chunks are children of the hypertable, so the same question serves plain PostgreSQL and TimescaleDB. The running
    // count of live rows comes first: reltuples is -1 or 0 until the first VACUUM or ANALYZE of a table.
    // The table itself: behind the wall between tenants its plain name is that of a view.
    private static final String SIZE = """
            SELECT pg_database_size(current_database()) AS bytes,
                   (SELECT COALESCE(sum(COALESCE(NULLIF(pg_stat_get_live_tuples(c.oid), 0), GREATEST(c.reltuples, 0))), 0)::bigint
                      FROM pg_class c
                     WHERE c.oid = 'public.measurement'::regclass
                        OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'public.measurement'::regclass)) AS rows,
                   EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') AS timescale
            """;
    // Knows the rows inside compressed chunks, which the chunks themselves do not count.
    private static final String TIMESCALE_ROWS = "SELECT approximate_row_count('public.measurement')";
    // Ordinary tables with their children by inheritance, which are the chunks where there are any. What chunks are
    // compressed
    // into belongs to no table by inheritance: hypertable_size knows it.
    private static final String TABLES = """
            SELECT c.relname AS name, count(k.oid) AS chunks,
                   pg_total_relation_size(c.oid) + COALESCE(sum(pg_total_relation_size(k.oid)), 0)::bigint AS bytes,
                   (COALESCE(NULLIF(pg_stat_get_live_tuples(c.oid), 0), GREATEST(c.reltuples, 0))
                    + COALESCE(sum(COALESCE(NULLIF(pg_stat_get_live_tuples(k.oid), 0), GREATEST(k.reltuples, 0))), 0))::bigint AS rows
              FROM pg_class c
              LEFT JOIN pg_inherits i ON i.inhparent = c.oid
              LEFT JOIN pg_class k ON k.oid = i.inhrelid
             WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
             GROUP BY c.oid, c.relname, c.reltuples
             ORDER BY c.relname
            """;
    private static final String HYPERTABLES = """
            SELECT hypertable_name, hypertable_size(format('%I.%I', hypertable_schema, hypertable_name)::regclass)
              FROM timescaledb_information.hypertables WHERE hypertable_schema = 'public'
            """;
    private static final String PRODUCT = """
            SELECT 'PostgreSQL ' || current_setting('server_version')
                   || COALESCE((SELECT ', TimescaleDB ' || extversion || CASE current_setting('timescaledb.license', true)
                                       WHEN 'timescale' THEN ' (community)' ELSE ' (Apache)' END
                                  FROM pg_extension WHERE extname = 'timescaledb'), '') AS product
            """;
    private static final String SCHEMA = """
            SELECT version FROM public.flyway_schema_history WHERE success AND version IS NOT NULL
             ORDER BY installed_rank DESC LIMIT 1
            """;
    private static final String POSITIONS =
            "SELECT consumer, partition, next_offset FROM consumer_offset WHERE topic = 'readings'";

    /** What the store holds. */
    record Size(long bytes, long measurements, boolean timescale) {
        Size atLeast(long rows) {
            return new Size(bytes, Math.max(measurements, rows), timescale);
        }
    }

    /** What it consists of. */
    record Contents(String product, @Nullable String schema, List<SystemReport.Table> tables) {}

    private final JdbcClient jdbc;
    private final StoreState state;
    private final KafkaView kafka;
    private volatile @Nullable Size size;
    private volatile @Nullable Contents contents;
    private volatile OptionalLong lag = OptionalLong.empty();

    public StoreProbe(JdbcClient jdbc, StoreState state, KafkaView kafka) {
        this.jdbc = jdbc;
        this.state = state;
        this.kafka = kafka;
    }

    @Nullable
    Size size() {
        return size;
    }

    @Nullable
    Contents contents() {
        return contents;
    }

    /** Readings in Kafka that the writer has not stored; empty where that is not known. */
    OptionalLong lagRecords() {
        return lag;
    }

    boolean usable() {
        return state.usable();
    }

    String detail() {
        return state.detail();
    }

    void refreshSize() {
        try {
            Size plain = jdbc.sql(SIZE)
                    .query((row, number) -> new Size(row.getLong(1), row.getLong(2), row.getBoolean(3)))
                    .single();
            size = plain.timescale() ? plain.atLeast(timescaleRows()) : plain;
        } catch (DataAccessException away) {
            LOG.debug("The size of the store can not be read: {}", away.getMessage());
        }
    }

    /** Looks at every table: less often than at the size of the whole, because it asks the file system for each chunk. */
    void refreshContents() {
        try {
            Map<String, Long> hypertables = new HashMap<>();
            Size known = size;
            if (known != null && known.timescale()) {
                jdbc.sql(HYPERTABLES).query(row -> {
                    hypertables.put(row.getString(1), row.getLong(2));
                });
            }
            List<SystemReport.Table> tables = jdbc.sql(TABLES)
                    .query((row, number) -> new SystemReport.Table(
                            row.getString("name"),
                            Math.max(row.getLong("bytes"), hypertables.getOrDefault(row.getString("name"), 0L)),
                            row.getLong("rows"),
                            row.getLong("chunks")))
                    .list();
            String schema = jdbc.sql(SCHEMA).query(String.class).optional().orElse(null);
            contents = new Contents(jdbc.sql(PRODUCT).query(String.class).single(), schema, tables);
        } catch (DataAccessException away) {
            LOG.debug("The tables of the store can not be read: {}", away.getMessage());
        }
    }

    private long timescaleRows() {
        return jdbc.sql(TIMESCALE_ROWS).query(Long.class).single();
    }

    void refreshLag() {
        try {
            Map<Integer, Long> ends = kafka.ends();
            Map<String, Long> waiting = new HashMap<>();
            jdbc.sql(POSITIONS).query(row -> {
                Long end = ends.get(row.getInt(2));
                if (end != null) {
                    waiting.merge(row.getString(1), Math.max(0, end - row.getLong(3)), Long::sum);
                }
            });
            lag = waiting.values().stream().mapToLong(Long::longValue).max();
        } catch (DataAccessException away) {
            lag = OptionalLong.empty();
            LOG.debug("The positions in the store can not be read: {}", away.getMessage());
        }
    }
}
