package dev.heliograph.writer.store;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the ledger of all tenants and tells what is missing by three gauges. Every instance tells the same: the maximum
 * counts, not the sum. While the database is away the last numbers stay, and another metric says that it is away.
 */
public final class LedgerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWatch.class);
    private static final String LOOK = """
            SELECT coalesce(sum(o.missing), 0), coalesce(sum(o.owed - o.missing), 0),
                   coalesce(extract(epoch FROM now() - min(o.minute) FILTER (WHERE o.missing > 0)), 0)
            FROM (SELECT minute, owed,
                         CASE WHEN changed_at < now() - ? * interval '1 millisecond' THEN owed
                              WHEN passed THEN owed_by_claim ELSE 0 END AS missing
                  FROM ledger_open WHERE minute > now() - ? * interval '1 millisecond') AS o
            """;

    private record Seen(long missing, long inFlight, double oldestSeconds) {}

    private final DataSource database;
    private final Duration inFlightBound;
    private final Duration watch;
    private volatile Seen seen = new Seen(0, 0, 0);

    /**
     * A watch that has not looked yet.
     *
     * @param inFlightBound how long what is owed may count as in flight where the writer's position does not tell
     * @param watch how far back it looks
     */
    public LedgerWatch(DataSource database, Duration inFlightBound, Duration watch, MeterRegistry registry) {
        this.database = database;
        this.inFlightBound = inFlightBound;
        this.watch = watch;
        Gauge.builder("heliograph.ledger.missing", this, it -> it.seen.missing())
                .description(
                        "Samples and refusals that were acknowledged to devices and are not in the store, of the last day")
                .register(registry);
        Gauge.builder("heliograph.ledger.inflight", this, it -> it.seen.inFlight())
                .description("Samples and refusals that were acknowledged and that the writer has not come to")
                .register(registry);
        Gauge.builder("heliograph.ledger.oldest.missing.seconds", this, it -> it.seen.oldestSeconds())
                .description("Age of the oldest minute of the last day that misses something, 0 where all balance")
                .register(registry);
    }

    /** Looks once; a database that is away is no exception. */
    public void look() {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(LOOK)) {
            connection.setAutoCommit(true);
            query.setLong(1, inFlightBound.toMillis());
            query.setLong(2, watch.toMillis());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                Seen now = new Seen(row.getLong(1), row.getLong(2), row.getDouble(3));
                if (now.missing() > seen.missing()) {
                    LOG.error(
                            "The ledger misses {} samples or refusals that were acknowledged, the oldest {} s ago",
                            now.missing(),
                            Math.round(now.oldestSeconds()));
                }
                seen = now;
            }
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("Cannot look at the ledger now", failure);
        }
    }
}
