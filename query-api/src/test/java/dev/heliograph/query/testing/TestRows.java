package dev.heliograph.query.testing;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows as the writer leaves them. */
public final class TestRows {
    private final JdbcClient jdbc;
    private final String tenant;

    public TestRows(JdbcClient jdbc, String tenant) {
        this.jdbc = jdbc;
        this.tenant = tenant;
        jdbc.sql("INSERT INTO tenant (id, name) VALUES (:t, :t) ON CONFLICT DO NOTHING")
                .param("t", tenant)
                .update();
    }

    public TestRows device(String id) {
        jdbc.sql("INSERT INTO device (tenant, id, name) VALUES (:t, :d, :d) ON CONFLICT DO NOTHING")
                .param("t", tenant)
                .param("d", id)
                .update();
        return this;
    }

    /** Id of the series; creates it and its metric. */
    public int series(String device, String metric, String kind) {
        jdbc.sql("INSERT INTO metric (tenant, name, unit, kind) VALUES (:t, :m, '°C', :k) ON CONFLICT DO NOTHING")
                .param("t", tenant)
                .param("m", metric)
                .param("k", kind)
                .update();
        return jdbc.sql("INSERT INTO series (tenant, device, metric) VALUES (:t, :d, :m) RETURNING id")
                .param("t", tenant)
                .param("d", device)
                .param("m", metric)
                .query(Integer.class)
                .single();
    }

    public void measurement(int series, Instant time, double value) {
        jdbc.sql("INSERT INTO measurement (series_id, ts, value, received_at) VALUES (:s, :ts, :v, :ts)")
                .param("s", series)
                .param("ts", time.atOffset(ZoneOffset.UTC))
                .param("v", value)
                .update();
    }

    public void state(int series, Instant time, String text) {
        jdbc.sql("INSERT INTO state_change (series_id, ts, value, received_at) VALUES (:s, :ts, :v, :ts)")
                .param("s", series)
                .param("ts", time.atOffset(ZoneOffset.UTC))
                .param("v", text)
                .update();
    }

    /** The window of the measurements that are there, in the given phase. */
    public void window(String table, int series, Instant start, Instant end, int phase) {
        jdbc.sql("INSERT INTO " + table
                        + " SELECT series_id, :start, :phase, 0, count(*), sum(value), min(value), max(value), "
                        + "(array_agg(value ORDER BY ts))[1], min(ts), (array_agg(value ORDER BY ts DESC))[1], max(ts), "
                        + "avg(value), 0 FROM measurement WHERE series_id = :s AND ts >= :start AND ts < :end "
                        + "GROUP BY series_id")
                .param("s", series)
                .param("start", start.atOffset(ZoneOffset.UTC))
                .param("end", end.atOffset(ZoneOffset.UTC))
                .param("phase", phase)
                .update();
    }

    public UUID alert(String device, String severity, String state) {
        UUID id = UUID.randomUUID();
        jdbc.sql(
                        "INSERT INTO alert (id, tenant, device, metric, rule_id, rule_version, rule_name, kind, severity, state, "
                                + "pending_since, firing_since, explanation, decided_at) VALUES (:id, :t, :d, 't', :id, 1, 'Hot', "
                                + "'threshold', :sev, :state, now(), CASE WHEN :state = 'pending' THEN NULL ELSE now() END, "
                                + "'t 47 >= 46', now())")
                .param("id", id)
                .param("t", tenant)
                .param("d", device)
                .param("sev", severity)
                .param("state", state)
                .update();
        jdbc.sql(
                        "INSERT INTO alert_transition (id, alert_id, tenant, at, from_state, to_state, value, threshold, data_time, "
                                + "explanation) VALUES (gen_random_uuid(), :id, :t, now(), 'ok', :state, 47, 46, now(), 'why')")
                .param("id", id)
                .param("t", tenant)
                .param("state", state)
                .update();
        return id;
    }
}
