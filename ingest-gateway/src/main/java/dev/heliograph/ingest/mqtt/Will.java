package dev.heliograph.ingest.mqtt;

/**
 * What a device asked to have published when its connection ends without a DISCONNECT.
 *
 * @param topic its own status or telemetry topic, or that of its death as an edge node
 * @param payload the bytes
 */
record Will(String topic, byte[] payload) {}
