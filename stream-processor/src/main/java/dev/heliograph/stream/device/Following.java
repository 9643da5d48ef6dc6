package dev.heliograph.stream.device;

import dev.heliograph.model.alert.WatchedRules;
import dev.heliograph.model.device.DeviceAttributes;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.stream.rules.RuleTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What is registered of a device and which rules watch it. Working that out takes a look into a store and a pass over the
 * rules of the tenant, so the newest answers are kept, by edition of the rules.
 */
final class Following {
    private static final int REMEMBERED_DEVICES = 20_000;

    private final RuleTable rules;
    private final KeyValueStore<String, byte[]> registry;
    private final Map<String, Followed> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Followed> eldest) {
            return size() > REMEMBERED_DEVICES;
        }
    };

    /** An answer, good for one edition of the rules. */
    record Followed(long edition, DeviceAttributes attributes, WatchedRules watched) {}

    Following(RuleTable rules, KeyValueStore<String, byte[]> registry) {
        this.rules = rules;
        this.registry = registry;
    }

    Followed of(DeviceKey device, String key) {
        RuleTable.Edition edition = rules.edition();
        Followed known = remembered.get(key);
        if (known != null && known.edition() == edition.number()) {
            return known;
        }
        DeviceAttributes attributes = known == null ? registered(key) : known.attributes();
        Followed fresh =
                new Followed(edition.number(), attributes, edition.book().watching(device, attributes));
        remembered.put(key, fresh);
        return fresh;
    }

    /** Takes a changed or removed registration. The hashes of its credentials are not kept here. */
    void register(String key, @Nullable DeviceRecord device) {
        remembered.remove(key);
        if (device == null) {
            registry.delete(key);
            return;
        }
        DeviceRecord kept = new DeviceRecord(
                device.v(),
                device.tenant(),
                device.device(),
                device.enabled(),
                device.type(),
                device.site(),
                device.labels() == null ? Map.of() : device.labels(),
                device.expectedIntervalMs(),
                List.of(),
                device.version(),
                null);
        registry.put(key, DeviceRecord.CODEC.encode(kept));
    }

    private DeviceAttributes registered(String key) {
        byte[] bytes = registry.get(key);
        return bytes == null ? DeviceAttributes.UNREGISTERED : DeviceAttributes.of(DeviceRecord.CODEC.decode(bytes));
    }
}
