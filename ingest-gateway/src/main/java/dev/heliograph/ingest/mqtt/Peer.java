package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.model.id.DeviceKey;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, after its CONNECT was accepted.
 *
 * @param credential who, and by which key
 * @param clientId the client id, given or assigned
 * @param assigned whether it was assigned
 * @param mqtt5 MQTT 5, or else 3.1.1
 * @param keepAliveSeconds longest silence; 0 for no limit
 * @param keepAliveOverruled whether the device had asked for another
 * @param wantsReasons whether reason strings may be sent
 * @param will what to publish if it vanishes, or null
 * @param topics what it may use
 */
record Peer(
        Credential credential,
        String clientId,
        boolean assigned,
        boolean mqtt5,
        int keepAliveSeconds,
        boolean keepAliveOverruled,
        boolean wantsReasons,
        @Nullable Will will,
        OwnTopics topics) {

    DeviceKey device() {
        return credential.device();
    }
}
