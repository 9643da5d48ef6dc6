package dev.heliograph.ingest.registry;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.DeviceRecord;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Every registered device with its keys, in memory, as the registry last said. Thread-safe. */
public final class DeviceTable {
    /** The label of a device that names the gateway by which it reports. */
    public static final String GATEWAY_LABEL = "gateway";

    /** The label of a device that names the zone in which it keeps its clock. */
    public static final String ZONE_LABEL = "timezone";

    private static final int MAX_SECRET_LENGTH = 512;

    // Checked where there is no device, so that an unknown name takes as long as a wrong password.
    private static final DeviceKeyHash NOBODY = DeviceKeyHash.of("", new byte[16]);

    private final ConcurrentMap<DeviceKey, Entry> devices = new ConcurrentHashMap<>();
    // Whose a key is that comes without a name, by its salt.
    private final ConcurrentMap<String, DeviceKey> bySalt = new ConcurrentHashMap<>();
    private final List<Consumer<DeviceKey>> listeners = new CopyOnWriteArrayList<>();

    /**
     * What the table knows of a device.
     *
     * @param gateway the device of the same tenant that may report for it, or null
     * @param zone the zone in which it keeps its clock, or null
     * @param mayBackfill whether it may bring history
     */
    private record Entry(
            boolean enabled,
            List<DeviceKeyHash> keys,
            @Nullable String gateway,
            @Nullable ZoneId zone,
            boolean mayBackfill) {}

    /** Takes over what the registry says of a device. */
    public void put(DeviceRecord device) {
        DeviceKey key = DeviceKey.of(device.tenant(), device.device());
        List<DeviceKeyHash> keys = device.credentials().stream()
                .map(credential -> new DeviceKeyHash(credential.salt(), credential.hash()))
                .toList();
        Entry fresh = new Entry(
                device.enabled(),
                keys,
                label(device, GATEWAY_LABEL),
                zone(device),
                Boolean.TRUE.equals(device.mayBackfill()));
        Entry former = devices.put(key, fresh);
        forgetSalts(key, former);
        keys.forEach(hash -> bySalt.put(hash.saltHex(), key));
        listeners.forEach(listener -> listener.accept(key));
    }

    private static @Nullable String label(DeviceRecord device, String name) {
        return device.labels() == null ? null : device.labels().get(name);
    }

    private static @Nullable ZoneId zone(DeviceRecord device) {
        String name = label(device, ZONE_LABEL);
        try {
            return name == null ? null : ZoneId.of(name);
        } catch (DateTimeException noZone) {
            // A label is free text: one that is no zone says nothing.
            return null;
        }
    }

    /** The zone in which the device keeps its clock: its label {@code timezone}; null where it has none that is a zone. */
    public @Nullable ZoneId zone(DeviceKey device) {
        Entry entry = devices.get(device);
        return entry == null ? null : entry.zone();
    }

    /**
     * Whether a device may report for another: the other's label {@code gateway} names it, and both are of one tenant. Of
     * the gateway itself nothing is asked here: it is who it is by its credentials.
     */
    public boolean reportsFor(DeviceKey gateway, DeviceKey device) {
        Entry entry = devices.get(device);
        return entry != null
                && gateway.device().value().equals(entry.gateway())
                && gateway.tenant().equals(device.tenant());
    }

    /** Forgets a device. */
    public void remove(DeviceKey device) {
        forgetSalts(device, devices.remove(device));
        listeners.forEach(listener -> listener.accept(device));
    }

    private void forgetSalts(DeviceKey device, @Nullable Entry former) {
        if (former != null) {
            former.keys().forEach(hash -> bySalt.remove(hash.saltHex(), device));
        }
    }

    /** Tells the listener, on the thread of the registry's feed, which device has changed; it must not block. */
    public void onChange(Consumer<DeviceKey> listener) {
        listeners.add(listener);
    }

    /** Whether the device is registered and enabled. */
    public boolean isEnabled(DeviceKey device) {
        Entry entry = devices.get(device);
        return entry != null && entry.enabled();
    }

    /** Whether the device is enabled and the registry says that it may bring readings of any age. */
    public boolean mayBackfill(DeviceKey device) {
        Entry entry = devices.get(device);
        return entry != null && entry.enabled() && entry.mayBackfill();
    }

    /** Whether a credential that was once good still is. */
    public boolean isValid(Credential credential) {
        Entry entry = devices.get(credential.device());
        DeviceKeyHash key = credential.key();
        return entry != null && entry.enabled() && (key == null || entry.keys().contains(key));
    }

    /** The credential of a device that has proven itself by a certificate; empty if it is not registered or disabled. */
    public Optional<Credential> certified(DeviceKey device) {
        return isEnabled(device) ? Optional.of(new Credential(device, null)) : Optional.empty();
    }

    /**
     * Checks a user name {@code tenant/device} and a password, or a device key as the user name without a password, as
     * ThingsBoard's devices send their access token. Takes the same time for an unknown device as for a wrong password, and
     * however many devices there are.
     */
    public Optional<Credential> authenticate(@Nullable String userName, byte @Nullable [] password) {
        boolean token = isToken(userName, password);
        String secret = token || password == null ? userName : new String(password, StandardCharsets.UTF_8);
        if (userName == null || secret == null || secret.length() > MAX_SECRET_LENGTH) {
            NOBODY.matches("");
            return Optional.empty();
        }
        // Worked out in either case: what it costs must not tell which kind of name is known.
        String salt = DeviceKeyHash.saltHexOf(secret);
        DeviceKey device = token ? bySalt.get(salt) : DeviceKey.parse(userName).orElse(null);
        Entry entry = device == null ? null : devices.get(device);
        if (device == null || entry == null || entry.keys().isEmpty()) {
            NOBODY.matches(secret);
            return Optional.empty();
        }
        DeviceKeyHash match = null;
        for (DeviceKeyHash key : entry.keys()) {
            if (key.matches(secret)) {
                match = key;
            }
        }
        return match == null || !entry.enabled() ? Optional.empty() : Optional.of(new Credential(device, match));
    }

    /** Whether a user name is a device key that stands for itself: there is no password, and no device is named. */
    public static boolean isToken(@Nullable String userName, byte @Nullable [] password) {
        return userName != null && userName.indexOf('/') < 0 && (password == null || password.length == 0);
    }

    /** How many devices are registered. */
    public int size() {
        return devices.size();
    }
}
