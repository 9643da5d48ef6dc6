package dev.heliograph.query.system;

import dev.heliograph.model.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * From when to when a tenant has data: the earliest time of its metrics, as far as anything is kept, and when its newest sample
 * was received.
 *
 * <p>The earliest comes from {@code metric_range}, a row a metric; what has been deleted since is not among it: nothing is
 * older than the class that is kept longest. The ledger's first minute would be that of the receipt, which history that is
 * sent in has long behind it.
 *
 * <p>The newest one comes from {@code latest}, a row a series, because the ledger knows whole minutes only and would call
 * a sample of a second ago a minute old. History is not touched.
 */
public final class JdbcSpan {
    private static final String SPAN = """
            SELECT GREATEST(
                       (SELECT min(first_ts) FROM metric_range WHERE tenant = :tenant),
                       (SELECT now() - max(keep_seconds) * interval '1 second' FROM retention
                         WHERE tenant = COALESCE((SELECT r.tenant FROM retention r WHERE r.tenant = :tenant LIMIT 1), '')))
                   AS oldest,
                   (SELECT max(l.received_at) FROM latest l JOIN series s ON s.id = l.series_id
                     WHERE s.tenant = :tenant) AS newest
            """;

    record Span(@Nullable Instant oldest, @Nullable Instant newest) {}

    private final JdbcClient jdbc;

    public JdbcSpan(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Span of(TenantId tenant) {
        return jdbc.sql(SPAN)
                .param("tenant", tenant.value())
                .query((row, number) -> new Span(time(row, "oldest"), time(row, "newest")))
                .single();
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
