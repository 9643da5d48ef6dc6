package dev.heliograph.ingest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.DeviceRecord;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceTableTest {
    private static final DeviceKey BOILER = DeviceKey.of("demo", "boiler-7");
    private static final DeviceKey PUMP = DeviceKey.of("demo", "pump-1");

    private final DeviceTable table = new DeviceTable();

    @Test
    void givenAKeyAsUserName_whenAuthenticated_thenItsDeviceIsFound() {
        put(BOILER, true, Map.of(), "key-of-boiler");
        put(PUMP, true, Map.of(), "key-of-pump");

        assertThat(table.authenticate("key-of-pump", null))
                .map(Credential::device)
                .contains(PUMP);
        assertThat(table.authenticate("key-of-boiler", new byte[0]))
                .map(Credential::device)
                .contains(BOILER);
        assertThat(table.authenticate("demo/pump-1", bytes("key-of-pump")))
                .map(Credential::device)
                .contains(PUMP);
    }

    @Test
    void givenWhatIsNoKey_whenAuthenticated_thenNobodyIsFound() {
        put(BOILER, true, Map.of(), "key-of-boiler");

        assertThat(table.authenticate("key-of-boile", null)).isEmpty();
        assertThat(table.authenticate("", null)).isEmpty();
        assertThat(table.authenticate(null, null)).isEmpty();
        assertThat(table.authenticate(null, bytes("key-of-boiler"))).isEmpty();
        assertThat(table.authenticate("demo/boiler-7", null)).isEmpty();
        assertThat(table.authenticate("demo", bytes("key-of-boiler"))).isEmpty();
        assertThat(table.authenticate("demo/pump-1", bytes("key-of-boiler"))).isEmpty();
        assertThat(table.authenticate("x".repeat(60_000), null)).isEmpty();
    }

    @Test
    void givenAKeyThatWasReplacedOrTaken_whenAuthenticated_thenItOpensNothing() {
        put(BOILER, true, Map.of(), "old");
        put(BOILER, true, Map.of(), "new");

        assertThat(table.authenticate("old", null)).isEmpty();
        assertThat(table.authenticate("new", null)).isPresent();

        put(BOILER, false, Map.of(), "new");
        assertThat(table.authenticate("new", null)).isEmpty();

        table.remove(BOILER);
        assertThat(table.authenticate("new", null)).isEmpty();
    }

    @Test
    void givenAKeyUnderARandomSalt_whenUsedWithoutName_thenItIsNotFound() {
        DeviceKeyHash random = DeviceKeyHash.of("key", new byte[] {1, 2, 3});
        table.put(record(BOILER, true, Map.of(), random));

        assertThat(table.authenticate("key", null)).isEmpty();
        assertThat(table.authenticate("demo/boiler-7", bytes("key"))).isPresent();
    }

    @Test
    void givenADeviceThatNamesItsGateway_whenAsked_thenThatOneOfItsTenantReportsForIt() {
        put(PUMP, true, Map.of("gateway", "boiler-7"), "key");

        assertThat(table.reportsFor(BOILER, PUMP)).isTrue();
        assertThat(table.reportsFor(DeviceKey.of("other", "boiler-7"), PUMP)).isFalse();
        assertThat(table.reportsFor(DeviceKey.of("demo", "boiler-8"), PUMP)).isFalse();
        assertThat(table.reportsFor(PUMP, BOILER)).isFalse();
    }

    @Test
    void givenALabelTimezone_whenItIsAZone_thenItIsTheDevices() {
        put(PUMP, true, Map.of("timezone", "Europe/Berlin"), "key");
        put(BOILER, true, Map.of("timezone", "../../etc/passwd"), "other");

        assertThat(table.zone(PUMP)).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(table.zone(BOILER)).isNull();
    }

    @Test
    void givenADeviceThatMayBringHistory_whenItIsDisabledOrSaysNothing_thenItMayNot() {
        table.put(mayBackfill(BOILER, true, true));
        put(PUMP, true, Map.of(), "key");

        assertThat(table.mayBackfill(BOILER)).isTrue();
        assertThat(table.mayBackfill(PUMP)).as("nothing said").isFalse();
        assertThat(table.mayBackfill(DeviceKey.of("demo", "nobody"))).isFalse();
        table.put(mayBackfill(BOILER, false, true));
        assertThat(table.mayBackfill(BOILER)).as("disabled").isFalse();
        table.put(mayBackfill(BOILER, true, false));
        assertThat(table.mayBackfill(BOILER)).as("taken back").isFalse();
    }

    private static DeviceRecord mayBackfill(DeviceKey device, boolean enabled, boolean may) {
        return new DeviceRecord(
                1,
                device.tenant().value(),
                device.device().value(),
                enabled,
                null,
                null,
                Map.of(),
                null,
                List.of(),
                1,
                may);
    }

    private void put(DeviceKey device, boolean enabled, Map<String, String> labels, String... keys) {
        table.put(record(
                device,
                enabled,
                labels,
                Arrays.stream(keys).map(DeviceKeyHash::of).toArray(DeviceKeyHash[]::new)));
    }

    private static DeviceRecord record(
            DeviceKey device, boolean enabled, Map<String, String> labels, DeviceKeyHash... hashes) {
        List<DeviceRecord.Credential> credentials = Arrays.stream(hashes)
                .map(hash -> new DeviceRecord.Credential(hash.saltHex(), hash.hashHex()))
                .toList();
        return new DeviceRecord(
                1,
                device.tenant().value(),
                device.device().value(),
                enabled,
                null,
                null,
                labels,
                null,
                credentials,
                1,
                null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
