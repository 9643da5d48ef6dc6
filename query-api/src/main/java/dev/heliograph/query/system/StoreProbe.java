package dev.heliograph.query.system;

import dev.heliograph.query.database.StoreState;
import java.util.HashMap;
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
    private static final String SIZE = """
            SELECT pg_database_size(current_database()) AS bytes,
                   (SELECT COALESCE(sum(COALESCE(NULLIF(pg_stat_get_live_tuples(c.oid), 0), GREATEST(c.reltuples, 0))), 0)::bigint
                      FROM pg_class c
                     WHERE c.oid = 'measurement'::regclass
                        OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'measurement'::regclass)) AS rows,
                   EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb') AS timescale
            """;
    // Knows the rows inside compressed chunks, which the chunks themselves do not count.
    private static final String TIMESCALE_ROWS = "SELECT approximate_row_count('measurement')";
    private static final String POSITIONS =
            "SELECT consumer, partition, next_offset FROM consumer_offset WHERE topic = 'readings'";

    /** What the store holds. */
    record Size(long bytes, long measurements, boolean timescale) {
        Size atLeast(long rows) {
            return new Size(bytes, Math.max(measurements, rows), timescale);
        }
    }

    private final JdbcClient jdbc;
    private final StoreState state;
    private final KafkaView kafka;
    private volatile @Nullable Size size;
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
