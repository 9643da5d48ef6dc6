package dev.heliograph.query.isolation;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestRows;
import dev.heliograph.query.testing.TestTokens;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/** A tenant with two of everything, all of whose rows hold a word of its own, and the names of the first of each. */
final class Tenant {
    static final double VALUE = 5151.5;

    final String id;
    final Map<Kind, String> names = new EnumMap<>(Kind.class);
    private final TestApi api;
    private final String word;

    Tenant(TestApi api, String id, String word) {
        this.api = api;
        this.id = id;
        this.word = word;
        fill();
    }

    String token(String role) {
        return TestTokens.of(id, role);
    }

    private void fill() {
        TestRows rows = new TestRows(api.jdbc, id);
        String admin = token("admin");
        names.put(Kind.TENANT, id);
        names.put(Kind.DEVICE, word + "-device");
        names.put(Kind.SITE, word + "-site");
        names.put(Kind.TYPE, word + "-type");
        names.put(Kind.LABEL, "floor:" + word + "-label");
        names.put(Kind.METRIC, word.replace('-', '_') + "_metric");
        names.put(Kind.TEXT, word);
        for (int i = 1; i >= 0; i--) {
            String more = i == 0 ? "" : "2";
            String device = names.get(Kind.DEVICE) + more;
            String metric = names.get(Kind.METRIC) + more;
            api.put("/api/v1/sites/" + names.get(Kind.SITE) + more, admin, "{\"name\":\"" + word + "\"}");
            api.put(
                    "/api/v1/devices/" + device,
                    admin,
                    "{\"name\":\"%s\",\"site\":\"%s\",\"type\":\"%s\",\"labels\":{\"floor\":\"%s-label\"}}"
                            .formatted(word, names.get(Kind.SITE) + more, names.get(Kind.TYPE), word));
            int series = rows.series(device, metric, "number");
            rows.measurement(series, Instant.now().minusSeconds(60), VALUE);
            api.jdbc
                    .sql("INSERT INTO latest (series_id, ts, value, received_at) VALUES (:s, now(), :v, now())")
                    .param("s", series)
                    .param("v", VALUE)
                    .update();
            UUID alert = rows.alert(device, "critical", "firing");
            api.jdbc
                    .sql("UPDATE alert SET explanation = :w, rule_name = :w WHERE id = :id")
                    .param("w", word)
                    .param("id", alert)
                    .update();
            names.put(Kind.ALERT, alert.toString());
            names.put(Kind.QUARANTINE, quarantined(device));
            names.put(Kind.RULE, rule(admin));
            sequence(device);
        }
        ledger();
        names.put(
                Kind.CORRECTION,
                api.delete(
                                "/api/v1/data/" + names.get(Kind.DEVICE)
                                        + "?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&reason=" + word,
                                admin)
                        .json()
                        .path("correction")
                        .path("id")
                        .asString());
    }

    private String rule(String admin) {
        return api.post(
                        "/api/v1/rules",
                        admin,
                        "{\"name\":\"" + word
                                + "\",\"severity\":\"info\",\"condition\":{\"type\":\"absence\",\"afterSeconds\":30}}")
                .json()
                .path("id")
                .asString();
    }

    private String quarantined(String device) {
        UUID row = UUID.randomUUID();
        api.jdbc
                .sql(
                        "INSERT INTO quarantine (id, tenant, device, topic, transport, reason, detail, received_at, size, sha256, "
                                + "payload) VALUES (:id, :t, :d, :w, 'mqtt', 'JSON', :w, now(), 3, 'ab', 'abc')")
                .param("id", row)
                .param("t", id)
                .param("d", device)
                .param("w", word)
                .update();
        return row.toString();
    }

    private void sequence(String device) {
        api.jdbc
                .sql("INSERT INTO device_sequence VALUES (:t, :d, 0, 5151, now(), now(), 1, 0, 0, 0, '{}')")
                .param("t", id)
                .param("d", device)
                .update();
    }

    private void ledger() {
        for (int minutes = 1; minutes <= 2; minutes++) {
            api.jdbc
                    .sql("INSERT INTO ledger_source (tenant, minute, source, instance, claimed) "
                            + "VALUES (:t, date_trunc('minute', now()) - :m * interval '1 minute', 1, :w, 5151)")
                    .param("t", id)
                    .param("m", minutes)
                    .param("w", word)
                    .update();
        }
    }
}
