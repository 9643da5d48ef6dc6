package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.SchemaChange;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** The table {@code schema_change}: metrics that came in another unit or of another kind than the catalogue has. */
final class SchemaChangeRows {
    private static final String COUNT = """
            INSERT INTO schema_change (tenant, device, metric, kind, unit, catalogue_kind, catalogue_unit, first_at, last_at,
                                       times)
            SELECT u.tenant, u.device, u.metric, u.kind, u.unit, m.kind, m.unit,
                   timestamptz 'epoch' + u.first_at * interval '1 microsecond',
                   timestamptz 'epoch' + u.last_at * interval '1 microsecond', u.times
              FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                   AS u(tenant, device, metric, kind, unit, first_at, last_at, times)
              JOIN metric m ON m.tenant = u.tenant AND m.name = u.metric
             WHERE m.kind <> u.kind OR u.unit <> '' AND m.unit <> u.unit
            ON CONFLICT (tenant, device, metric, kind, unit) DO UPDATE
               SET catalogue_kind = excluded.catalogue_kind, catalogue_unit = excluded.catalogue_unit,
                   last_at = greatest(schema_change.last_at, excluded.last_at),
                   times = schema_change.times + excluded.times
            """;

    void write(Transaction transaction) throws SQLException {
        List<SchemaChange> changes = transaction.plan().schemaChanges();
        if (changes.isEmpty()) {
            return;
        }
        try (PreparedStatement count = transaction.connection().prepareStatement(COUNT)) {
            count.setObject(
                    1,
                    texts(changes, change -> change.series().device().tenant().value()));
            count.setObject(
                    2,
                    texts(changes, change -> change.series().device().device().value()));
            count.setObject(3, texts(changes, change -> change.series().metric().value()));
            count.setObject(4, texts(changes, change -> change.kind().text()));
            count.setObject(5, texts(changes, SchemaChange::unit));
            count.setObject(6, numbers(changes, SchemaChange::firstMicros));
            count.setObject(7, numbers(changes, SchemaChange::lastMicros));
            count.setObject(8, numbers(changes, SchemaChange::times));
            transaction.wrote("schema_change", count.executeUpdate());
        }
    }

    private static String[] texts(List<SchemaChange> changes, Function<SchemaChange, String> column) {
        return changes.stream().map(column).toArray(String[]::new);
    }

    private static Long[] numbers(List<SchemaChange> changes, Function<SchemaChange, Long> column) {
        return changes.stream().map(column).toArray(Long[]::new);
    }
}
