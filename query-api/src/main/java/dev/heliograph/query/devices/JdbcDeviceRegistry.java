package dev.heliograph.query.devices;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.WireCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Writes devices and credentials, and reads them as the records that are published. Runs in a transaction of the caller. */
public final class JdbcDeviceRegistry {
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};
    private static final double MILLIS_PER_SECOND = 1_000.0;

    private static final String ENSURE_TENANT =
            "INSERT INTO tenant (id, name) VALUES (:tenant, :tenant) ON CONFLICT DO NOTHING";
    private static final String LOCK =
            "SELECT id, version FROM device WHERE tenant = :tenant AND id = ANY(:ids) ORDER BY id FOR UPDATE";
    private static final String KNOWN = """
            SELECT id, version, name, type, site, labels, expected_interval_ms, enabled, firmware, latitude, longitude,
                   may_backfill
              FROM device WHERE tenant = :tenant AND id = ANY(:ids) ORDER BY id
            """;
    private static final String CURRENT = KNOWN + " FOR UPDATE";
    private static final String INSERT = """
            INSERT INTO device (tenant, id, name, type, site, labels, expected_interval_ms, enabled, firmware, latitude,
                                longitude, may_backfill)
            VALUES (:tenant, :id, :name, :type, :site, :labels::jsonb, :interval, :enabled, :firmware, :latitude, :longitude,
                    :mayBackfill)
            ON CONFLICT DO NOTHING
            """;
    private static final String UPDATE = """
            UPDATE device
               SET name = :name, type = :type, site = :site, labels = :labels::jsonb, expected_interval_ms = :interval,
                   enabled = :enabled, firmware = :firmware, latitude = :latitude, longitude = :longitude,
                   may_backfill = :mayBackfill, version = version + 1, updated_at = now()
             WHERE tenant = :tenant AND id = :id
            """;
    private static final String INSERT_MANY = """
            INSERT INTO device (tenant, id, name, type, site, labels, expected_interval_ms, firmware, latitude, longitude,
                                may_backfill)
            SELECT :tenant, new.id, COALESCE(new.name, new.id), new.type, new.site, COALESCE(new.labels::jsonb, '{}'),
                   new.interval, new.firmware, new.latitude, new.longitude, COALESCE(new.may_backfill, false)
              FROM unnest(:ids::text[], :names::text[], :types::text[], :sites::text[], :labels::text[],
                          :intervals::bigint[], :firmwares::text[], :latitudes::float8[], :longitudes::float8[],
                          :mayBackfills::boolean[])
                   AS new (id, name, type, site, labels, interval, firmware, latitude, longitude, may_backfill)
             ORDER BY new.id
            ON CONFLICT DO NOTHING
            RETURNING id
            """;
    private static final String UPDATE_MANY = """
            UPDATE device d
               SET name = COALESCE(new.name, d.name), type = COALESCE(new.type, d.type), site = COALESCE(new.site, d.site),
                   labels = COALESCE(new.labels::jsonb, d.labels),
                   expected_interval_ms = COALESCE(new.interval, d.expected_interval_ms),
                   firmware = COALESCE(new.firmware, d.firmware), latitude = COALESCE(new.latitude, d.latitude),
                   longitude = COALESCE(new.longitude, d.longitude),
                   may_backfill = COALESCE(new.may_backfill, d.may_backfill),
                   enabled = true, version = d.version + 1, updated_at = now()
              FROM unnest(:ids::text[], :names::text[], :types::text[], :sites::text[], :labels::text[],
                          :intervals::bigint[], :firmwares::text[], :latitudes::float8[], :longitudes::float8[],
                          :mayBackfills::boolean[])
                   AS new (id, name, type, site, labels, interval, firmware, latitude, longitude, may_backfill)
             WHERE d.tenant = :tenant AND d.id = new.id AND d.id <> ALL(:created::text[])
            """;
    private static final String PUT_MANY = """
            INSERT INTO device AS d (tenant, id, name, type, site, labels, expected_interval_ms, enabled, firmware, latitude,
                                     longitude, may_backfill)
            SELECT :tenant, new.*
              FROM unnest(:ids::text[], :names::text[], :types::text[], :sites::text[], :labels::jsonb[], :intervals::bigint[],
                          :enableds::boolean[], :firmwares::text[], :latitudes::float8[], :longitudes::float8[],
                          :mayBackfills::boolean[]) AS new
             ORDER BY 2
            ON CONFLICT (tenant, id) DO UPDATE
               SET name = excluded.name, type = excluded.type, site = excluded.site, labels = excluded.labels,
                   expected_interval_ms = excluded.expected_interval_ms, enabled = excluded.enabled,
                   firmware = excluded.firmware, latitude = excluded.latitude, longitude = excluded.longitude,
                   may_backfill = excluded.may_backfill, version = d.version + 1, updated_at = now()
            """;
    private static final String TOUCH = """
            UPDATE device SET version = version + 1, updated_at = now(), enabled = enabled AND :enabled
             WHERE tenant = :tenant AND id = :id
            """;
    private static final String REVOKE = "DELETE FROM device_credential WHERE tenant = :tenant AND device = ANY(:ids)";
    private static final String GRANT = """
            INSERT INTO device_credential (tenant, device, salt, hash)
            SELECT :tenant, key.device, decode(key.salt, 'hex'), decode(key.hash, 'hex')
              FROM unnest(:ids::text[], :salts::text[], :hashes::text[]) AS key (device, salt, hash)
            """;
    private static final String RECORDS = """
            SELECT id, enabled, type, site, labels, expected_interval_ms, version, may_backfill
              FROM device WHERE tenant = :tenant AND id = ANY(:ids) ORDER BY id
            """;
    private static final String CREDENTIALS = """
            SELECT device, encode(salt, 'hex') AS salt, encode(hash, 'hex') AS hash
              FROM device_credential WHERE tenant = :tenant AND device = ANY(:ids) ORDER BY device, created_at
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    public JdbcDeviceRegistry(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Locks a device for this transaction and returns its version; empty if there is none. */
    Optional<Long> lock(TenantId tenant, DeviceId id) {
        return jdbc.sql(LOCK)
                .param("tenant", tenant.value())
                .param("ids", new String[] {id.value()})
                .query((row, number) -> row.getLong("version"))
                .optional();
    }

    /**
     * What is known of a device.
     *
     * @param change what would make it what it is
     */
    record Current(long version, DeviceChange change) {}

    /** Locks a device for this transaction and returns what is known of it; empty if there is none. */
    Optional<Current> current(TenantId tenant, DeviceId id) {
        return jdbc.sql(CURRENT)
                .param("tenant", tenant.value())
                .param("ids", new String[] {id.value()})
                .query((row, number) -> current(row))
                .optional();
    }

    /** What is known of devices, in the order of their ids; without those that are not there. */
    Map<String, DeviceChange> known(TenantId tenant, Collection<String> ids) {
        return read(tenant, KNOWN, ids);
    }

    /** The same, locked for this transaction. */
    Map<String, DeviceChange> lockAll(TenantId tenant, Collection<String> ids) {
        return read(tenant, CURRENT, ids);
    }

    private Map<String, DeviceChange> read(TenantId tenant, String sql, Collection<String> ids) {
        Map<String, DeviceChange> known = new LinkedHashMap<>();
        jdbc.sql(sql)
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(String[]::new))
                .query(row -> {
                    known.put(row.getString("id"), current(row).change());
                });
        return known;
    }

    private Current current(ResultSet row) throws SQLException {
        Double latitude = row.getObject("latitude", Double.class);
        Long interval = row.getObject("expected_interval_ms", Long.class);
        return new Current(
                row.getLong("version"),
                new DeviceChange(
                        row.getString("name"),
                        row.getString("type"),
                        row.getString("site"),
                        json.readValue(row.getString("labels"), LABELS),
                        interval == null ? null : interval / MILLIS_PER_SECOND,
                        row.getBoolean("enabled"),
                        row.getString("firmware"),
                        latitude == null
                                ? null
                                : new Device.Location(latitude, row.getObject("longitude", Double.class)),
                        row.getBoolean("may_backfill")));
    }

    /** Creates a device; false if somebody else did meanwhile. */
    boolean insert(TenantId tenant, DeviceId id, DeviceChange change) {
        jdbc.sql(ENSURE_TENANT).param("tenant", tenant.value()).update();
        return jdbc.sql(INSERT).params(parameters(tenant, id, change)).update() == 1;
    }

    /** Replaces what is known of a device. */
    void update(TenantId tenant, DeviceId id, DeviceChange change) {
        jdbc.sql(UPDATE).params(parameters(tenant, id, change)).update();
    }

    /** Creates or completes many devices; returns the ids of those that are new. */
    Set<String> register(TenantId tenant, List<Registration.Entry> entries) {
        jdbc.sql(ENSURE_TENANT).param("tenant", tenant.value()).update();
        String[] ids = entries.stream().map(Registration.Entry::id).toArray(String[]::new);
        // Everybody locks in the order of ids: two registrations of the same devices wait, never deadlock.
        jdbc.sql(LOCK)
                .param("tenant", tenant.value())
                .param("ids", ids)
                .query((row, number) -> row.getLong(2))
                .list();
        Map<String, Object> columns = new HashMap<>();
        columns.put("tenant", tenant.value());
        columns.put("ids", ids);
        columns.put("names", entries.stream().map(Registration.Entry::name).toArray(String[]::new));
        columns.put("types", entries.stream().map(Registration.Entry::type).toArray(String[]::new));
        columns.put("sites", entries.stream().map(Registration.Entry::site).toArray(String[]::new));
        columns.put(
                "labels", entries.stream().map(entry -> labels(entry.labels())).toArray(String[]::new));
        columns.put(
                "intervals",
                entries.stream()
                        .map(entry -> entry.change().expectedIntervalMillis())
                        .toArray(Long[]::new));
        columns.put(
                "firmwares", entries.stream().map(Registration.Entry::firmware).toArray(String[]::new));
        columns.put("latitudes", coordinates(entries, Device.Location::lat));
        columns.put("longitudes", coordinates(entries, Device.Location::lon));
        columns.put(
                "mayBackfills",
                entries.stream().map(Registration.Entry::mayBackfill).toArray(Boolean[]::new));
        Set<String> created = new HashSet<>(
                jdbc.sql(INSERT_MANY).params(columns).query(String.class).list());
        columns.put("created", created.toArray(String[]::new));
        jdbc.sql(UPDATE_MANY).params(columns).update();
        return created;
    }

    /** Creates devices, or replaces what is known of them; those that exist are locked. */
    void putAll(TenantId tenant, Map<String, DeviceChange> changes) {
        jdbc.sql(ENSURE_TENANT).param("tenant", tenant.value()).update();
        List<Map<String, @Nullable Object>> rows = changes.entrySet().stream()
                .map(entry -> parameters(tenant, new DeviceId(entry.getKey()), entry.getValue()))
                .toList();
        jdbc.sql(PUT_MANY)
                .param("tenant", tenant.value())
                .param("ids", column(rows, "id", String[]::new))
                .param("names", column(rows, "name", String[]::new))
                .param("types", column(rows, "type", String[]::new))
                .param("sites", column(rows, "site", String[]::new))
                .param("labels", column(rows, "labels", String[]::new))
                .param("intervals", column(rows, "interval", Long[]::new))
                .param("enableds", column(rows, "enabled", Boolean[]::new))
                .param("firmwares", column(rows, "firmware", String[]::new))
                .param("latitudes", column(rows, "latitude", Double[]::new))
                .param("longitudes", column(rows, "longitude", Double[]::new))
                .param("mayBackfills", column(rows, "mayBackfill", Boolean[]::new))
                .update();
    }

    private static <T> T[] column(
            List<Map<String, @Nullable Object>> rows, String name, IntFunction<@Nullable T[]> array) {
        return rows.stream().map(row -> row.get(name)).toArray(array);
    }

    private static @Nullable Double[] coordinates(
            List<Registration.Entry> entries, Function<Device.Location, @Nullable Double> of) {
        @Nullable Double[] values = new Double[entries.size()];
        for (int i = 0; i < values.length; i++) {
            Device.Location location = entries.get(i).location();
            values[i] = location == null ? null : of.apply(location);
        }
        return values;
    }

    /** Counts a change of the credentials; {@code enabled} false disables the device as well. */
    void touch(TenantId tenant, DeviceId id, boolean enabled) {
        jdbc.sql(TOUCH)
                .param("tenant", tenant.value())
                .param("id", id.value())
                .param("enabled", enabled)
                .update();
    }

    /** Takes away every credential of the devices. */
    void revoke(TenantId tenant, Collection<String> ids) {
        jdbc.sql(REVOKE)
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(String[]::new))
                .update();
    }

    /** Gives each device one credential. */
    void grant(TenantId tenant, Map<String, DeviceKeyHash> keys) {
        List<String> ids = new ArrayList<>();
        List<String> salts = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        keys.forEach((id, key) -> {
            ids.add(id);
            salts.add(key.saltHex());
            hashes.add(key.hashHex());
        });
        jdbc.sql(GRANT)
                .param("tenant", tenant.value())
                .param("ids", ids.toArray(String[]::new))
                .param("salts", salts.toArray(String[]::new))
                .param("hashes", hashes.toArray(String[]::new))
                .update();
    }

    /** The devices as they are published. */
    List<DeviceRecord> records(TenantId tenant, Collection<String> ids) {
        String[] wanted = ids.toArray(String[]::new);
        Map<String, List<DeviceRecord.Credential>> credentials = new HashMap<>();
        jdbc.sql(CREDENTIALS)
                .param("tenant", tenant.value())
                .param("ids", wanted)
                .query(row -> {
                    credentials
                            .computeIfAbsent(row.getString("device"), device -> new ArrayList<>())
                            .add(new DeviceRecord.Credential(row.getString("salt"), row.getString("hash")));
                });
        return jdbc.sql(RECORDS)
                .param("tenant", tenant.value())
                .param("ids", wanted)
                .query((row, number) -> record(tenant, row, credentials))
                .list();
    }

    private DeviceRecord record(TenantId tenant, ResultSet row, Map<String, List<DeviceRecord.Credential>> credentials)
            throws SQLException {
        long interval = row.getLong("expected_interval_ms");
        Long intervalOrNull = row.wasNull() ? null : interval;
        String id = row.getString("id");
        return new DeviceRecord(
                WireCodec.VERSION,
                tenant.value(),
                id,
                row.getBoolean("enabled"),
                row.getString("type"),
                row.getString("site"),
                json.readValue(row.getString("labels"), LABELS),
                intervalOrNull,
                credentials.getOrDefault(id, List.of()),
                row.getLong("version"),
                row.getBoolean("may_backfill") ? true : null);
    }

    private Map<String, @Nullable Object> parameters(TenantId tenant, DeviceId id, DeviceChange change) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        String name = change.name();
        String labels = labels(change.labels());
        parameters.put("tenant", tenant.value());
        parameters.put("id", id.value());
        parameters.put("name", name == null ? id.value() : name);
        parameters.put("type", change.type());
        parameters.put("site", change.site());
        parameters.put("labels", labels == null ? "{}" : labels);
        parameters.put("interval", change.expectedIntervalMillis());
        parameters.put("enabled", !Boolean.FALSE.equals(change.enabled()));
        Device.Location location = change.location();
        parameters.put("firmware", change.firmware());
        parameters.put("latitude", location == null ? null : location.lat());
        parameters.put("longitude", location == null ? null : location.lon());
        parameters.put("mayBackfill", Boolean.TRUE.equals(change.mayBackfill()));
        return parameters;
    }

    private @Nullable String labels(@Nullable Map<String, String> labels) {
        return labels == null ? null : json.writeValueAsString(labels);
    }
}
