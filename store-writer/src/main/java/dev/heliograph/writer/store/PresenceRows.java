package dev.heliograph.writer.store;

import dev.heliograph.model.wire.PresenceRecord;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The tables {@code presence} (how a device is) and {@code presence_change} (how it became so). */
final class PresenceRows {
    private static final String UPSERT = """
        INSERT INTO presence AS p (tenant, device, state, since, last_seen, last_sample_ts, expected_interval_ms,
                                   connected, silent_metrics)
        SELECT u.tenant, u.device, u.state, timestamptz 'epoch' + u.since * interval '1 microsecond',
               timestamptz 'epoch' + u.last_seen * interval '1 microsecond',
               timestamptz 'epoch' + u.last_sample_ts * interval '1 microsecond', u.expected_interval_ms, u.connected,
               string_to_array(u.silent_metrics, ' ')
        FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::boolean[],
                    ?::text[])
             AS u(tenant, device, state, since, last_seen, last_sample_ts, expected_interval_ms, connected,
                  silent_metrics)
        ORDER BY u.tenant, u.device
        ON CONFLICT (tenant, device) DO UPDATE
        SET state = excluded.state, since = excluded.since, last_seen = excluded.last_seen,
            last_sample_ts = excluded.last_sample_ts, expected_interval_ms = excluded.expected_interval_ms,
            connected = excluded.connected, silent_metrics = excluded.silent_metrics
        WHERE excluded.since > p.since
           OR (excluded.since = p.since
               AND coalesce(excluded.last_seen, '-infinity') >= coalesce(p.last_seen, '-infinity'))
        """;
    private static final String ADD_CHANGES = """
        INSERT INTO presence_change (tenant, device, at, state, previous)
        SELECT u.tenant, u.device, timestamptz 'epoch' + u.at * interval '1 microsecond', u.state, u.previous
        FROM unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[]) AS u(tenant, device, at, state, previous)
        ON CONFLICT DO NOTHING
        """;

    void write(Transaction transaction) throws SQLException {
        List<PresenceRecord> newest = transaction.plan().presence();
        if (newest.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = transaction.connection().prepareStatement(UPSERT)) {
            bindDevices(upsert, newest);
            upsert.setObject(3, newest.stream().map(PresenceRecord::state).toArray(String[]::new));
            upsert.setObject(4, newest.stream().mapToLong(PresenceRecord::at).toArray());
            upsert.setObject(5, newest.stream().map(PresenceRecord::lastSeen).toArray(Long[]::new));
            upsert.setObject(
                    6, newest.stream().map(PresenceRecord::lastSampleTs).toArray(Long[]::new));
            upsert.setObject(
                    7, newest.stream().map(PresenceRecord::expectedIntervalMs).toArray(Long[]::new));
            upsert.setObject(8, newest.stream().map(PresenceRecord::connected).toArray(Boolean[]::new));
            upsert.setObject(9, newest.stream().map(PresenceRows::silentMetrics).toArray(String[]::new));
            transaction.wrote("presence", upsert.executeUpdate());
        }
        List<PresenceRecord> changes = transaction.plan().presenceChanges();
        try (PreparedStatement add = transaction.connection().prepareStatement(ADD_CHANGES)) {
            bindDevices(add, changes);
            add.setObject(3, changes.stream().mapToLong(PresenceRecord::at).toArray());
            add.setObject(4, changes.stream().map(PresenceRecord::state).toArray(String[]::new));
            add.setObject(5, changes.stream().map(PresenceRecord::previous).toArray(String[]::new));
            transaction.wrote("presence_change", add.executeUpdate());
        }
    }

    /** In one text, because {@code unnest} flattens arrays of arrays; names of metrics hold no spaces. */
    private static String silentMetrics(PresenceRecord record) {
        List<String> metrics = record.silentMetrics();
        return metrics == null ? "" : String.join(" ", metrics);
    }

    private static void bindDevices(PreparedStatement statement, List<PresenceRecord> rows) throws SQLException {
        statement.setObject(1, rows.stream().map(PresenceRecord::tenant).toArray(String[]::new));
        statement.setObject(2, rows.stream().map(PresenceRecord::device).toArray(String[]::new));
    }
}
