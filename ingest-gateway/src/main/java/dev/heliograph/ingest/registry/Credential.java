package dev.heliograph.ingest.registry;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;

/** Proof of who a connection is: the device, and by which of its keys; the connection lasts as long as that key is valid. */
public record Credential(DeviceKey device, DeviceKeyHash key) {}
