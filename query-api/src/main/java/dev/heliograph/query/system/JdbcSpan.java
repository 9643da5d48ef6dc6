package dev.heliograph.query.system;

import dev.heliograph.model.id.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** From when to when a tenant has data, by its ledger: two ends of an index instead of a scan of history. */
public final class JdbcSpan {
    private static final String SPAN =
            "SELECT min(minute) AS oldest, max(minute) AS newest FROM ledger WHERE tenant = :tenant";

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
