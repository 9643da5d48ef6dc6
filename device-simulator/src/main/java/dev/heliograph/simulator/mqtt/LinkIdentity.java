package dev.heliograph.simulator.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who connects.
 *
 * @param clientId of the MQTT session
 * @param credential to log in with, or null for a broker that lets anybody in
 * @param statusTopics where {@code online} and {@code offline} go; the Will covers the only one, and several have none
 */
public record LinkIdentity(String clientId, @Nullable Credential credential, List<String> statusTopics) {
    /** @param username {@code tenant/device} @param password the device's key */
    public record Credential(String username, String password) {
        @Override
        public String toString() {
            return "Credential[" + username + "]"; // never the key
        }
    }

    public LinkIdentity {
        statusTopics = List.copyOf(statusTopics);
    }
}
