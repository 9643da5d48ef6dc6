package dev.heliograph.ingest.registry;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import org.jspecify.annotations.Nullable;

/**
 * Proof of who a connection is; the connection lasts as long as it is valid.
 *
 * @param device the device
 * @param key by which of its keys, or null for a certificate: valid while the device is registered and enabled, and the
 *     certificate trusted
 */
public record Credential(DeviceKey device, @Nullable DeviceKeyHash key) {}
