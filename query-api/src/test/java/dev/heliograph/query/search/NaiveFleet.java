package dev.heliograph.query.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Devices at random in memory, and the same as rows of a tenant. */
final class NaiveFleet {
    private static final JsonMapper JSON = new JsonMapper();

    final List<NaiveDevice> devices = new ArrayList<>();

    NaiveFleet(long seed, int size) {
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            devices.add(device(random, i));
        }
    }

    private static NaiveDevice device(Random random, int number) {
        Map<String, String> labels = new HashMap<>();
        for (String key : RandomSearches.KEYS) {
            if (random.nextInt(3) == 0) {
                labels.put(key, of(random, RandomSearches.NAMES));
            }
        }
        Map<String, Double> numbers = new HashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (String metric : RandomSearches.METRICS) {
            switch (random.nextInt(4)) {
                case 0, 1 -> numbers.put(metric, (double) (random.nextInt(35) - 2));
                case 2 -> texts.put(metric, of(random, RandomSearches.TEXTS));
                default -> {}
            }
        }
        Set<String> firing = new HashSet<>();
        for (String severity : List.of("critical", "warning", "info")) {
            if (random.nextInt(5) == 0) {
                firing.add(severity);
            }
        }
        String id = "d%03d".formatted(number);
        return new NaiveDevice(
                id,
                random.nextInt(5) == 0 ? id : of(random, RandomSearches.NAMES),
                maybe(random, RandomSearches.TYPES),
                maybe(random, RandomSearches.SITES),
                maybe(random, RandomSearches.FIRMWARE),
                random.nextInt(4) > 0,
                labels,
                maybe(random, RandomSearches.STATES),
                numbers,
                texts,
                firing,
                random.nextInt(5) == 0 ? null : of(random, RandomSearches.SEEN),
                numbers.isEmpty() && texts.isEmpty() ? null : of(random, RandomSearches.SEEN));
    }

    private static @Nullable String maybe(Random random, List<String> values) {
        return random.nextInt(4) == 0 ? null : of(random, values);
    }

    private static <T> T of(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    void store(JdbcClient jdbc, String tenant) {
        for (NaiveDevice device : devices) {
            jdbc.sql("INSERT INTO device (tenant, id, name, type, site, firmware, enabled, labels) "
                            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb)")
                    .params(
                            tenant,
                            device.id(),
                            device.name(),
                            device.type(),
                            device.site(),
                            device.firmware(),
                            device.enabled(),
                            JSON.writeValueAsString(device.labels()))
                    .update();
            if (device.state() != null || device.seenByPresence() != null) {
                jdbc.sql("INSERT INTO presence (tenant, device, state, since, last_seen) "
                                + "VALUES (?, ?, ?, now(), now() - CAST(? AS float8) * interval '1 s')")
                        .params(
                                tenant,
                                device.id(),
                                device.state() == null ? "unknown" : device.state(),
                                seconds(device.seenByPresence()))
                        .update();
            }
            device.numbers().forEach((metric, value) -> latest(jdbc, tenant, device, metric, value, null));
            device.texts().forEach((metric, text) -> latest(jdbc, tenant, device, metric, null, text));
            device.firing().forEach(severity -> alert(jdbc, tenant, device.id(), severity, "firing"));
            // Neither of these fires.
            alert(jdbc, tenant, device.id(), "warning", "pending");
            alert(jdbc, tenant, device.id(), "critical", "resolved");
        }
    }

    private static void latest(
            JdbcClient jdbc,
            String tenant,
            NaiveDevice device,
            String metric,
            @Nullable Double value,
            @Nullable String text) {
        jdbc.sql("WITH s AS (INSERT INTO series (tenant, device, metric) VALUES (?, ?, ?) RETURNING id) "
                        + "INSERT INTO latest (series_id, ts, value, text, received_at) "
                        + "SELECT id, now(), CAST(? AS float8), CAST(? AS text), "
                        + "now() - CAST(? AS float8) * interval '1 s' FROM s")
                .params(tenant, device.id(), metric, value, text, seconds(device.seenBySamples()))
                .update();
    }

    private static @Nullable Double seconds(@Nullable Duration age) {
        return age == null ? null : (double) age.toSeconds();
    }

    private static void alert(JdbcClient jdbc, String tenant, String device, String severity, String state) {
        jdbc.sql("INSERT INTO alert (id, tenant, device, rule_id, rule_version, rule_name, kind, severity, state, "
                        + "pending_since, explanation, decided_at) VALUES (gen_random_uuid(), ?, ?, gen_random_uuid(), 1, 'r', "
                        + "'threshold', ?, ?, now(), 'x', now())")
                .params(tenant, device, severity, state)
                .update();
    }
}
