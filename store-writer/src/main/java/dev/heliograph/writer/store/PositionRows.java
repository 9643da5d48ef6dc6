package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.PositionRow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The table {@code device_position}: where each device was by its newest reading that said so. It never goes back in time. */
final class PositionRows {
    private static final String UPSERT = """
            INSERT INTO device_position AS p (tenant, device, ts, latitude, longitude, altitude)
            SELECT u.tenant, u.device, timestamptz 'epoch' + u.ts * interval '1 microsecond', u.latitude, u.longitude,
                   u.altitude
            FROM unnest(?::text[], ?::text[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[])
                 AS u(tenant, device, ts, latitude, longitude, altitude)
            ORDER BY u.tenant, u.device
            ON CONFLICT (tenant, device) DO UPDATE
            SET ts = excluded.ts, latitude = excluded.latitude, longitude = excluded.longitude,
                altitude = excluded.altitude
            WHERE excluded.ts > p.ts
            """;

    void write(Transaction transaction) throws SQLException {
        List<PositionRow> rows = transaction.plan().positions();
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = transaction.connection().prepareStatement(UPSERT)) {
            upsert.setObject(
                    1, rows.stream().map(row -> row.device().tenant().value()).toArray(String[]::new));
            upsert.setObject(
                    2, rows.stream().map(row -> row.device().device().value()).toArray(String[]::new));
            upsert.setObject(3, rows.stream().mapToLong(PositionRow::timeMicros).toArray());
            upsert.setObject(
                    4,
                    rows.stream().mapToDouble(row -> row.location().latitude()).toArray());
            upsert.setObject(
                    5,
                    rows.stream().mapToDouble(row -> row.location().longitude()).toArray());
            upsert.setObject(
                    6, rows.stream().map(row -> row.location().altitude()).toArray(Double[]::new));
            transaction.wrote("device_position", upsert.executeUpdate());
        }
    }
}
