package dev.heliograph.local.up;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to start the platform.
 *
 * @param address the interface that browsers and devices come in by
 * @param port the port of dashboard, API and sign-in; 0 for any free one
 * @param mqttPort the port that devices connect to; 0 for any free one
 * @param publicUrl the address that browsers use; {@code http://localhost:PORT} if absent
 * @param data the data directory
 * @param devices how many devices to simulate, 0 for none
 * @param fresh whether to empty the data directory first
 */
public record UpOptions(
        InetAddress address,
        int port,
        int mqttPort,
        @Nullable URI publicUrl,
        Path data,
        int devices,
        boolean fresh) {

    /** Refuses numbers that cannot be. */
    public UpOptions {
        requirePort(port);
        requirePort(mqttPort);
        if (devices < 0 || devices > 10_000) {
            throw new IllegalArgumentException("devices must be between 0 and 10000, was " + devices);
        }
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is between 0 and 65535, was " + port);
        }
    }
}
