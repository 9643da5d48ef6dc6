package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.model.id.DeviceKey;
import java.security.cert.X509Certificate;
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
 * @param maxPacketBytes the largest packet that it takes
 * @param wantsReasons whether reason strings may be sent
 * @param will what to publish if it vanishes, or null
 * @param certificates the chain by which it has proven itself, or null where it did so by a key
 * @param topics what it may use
 */
record Peer(
        Credential credential,
        String clientId,
        boolean assigned,
        boolean mqtt5,
        int keepAliveSeconds,
        boolean keepAliveOverruled,
        long maxPacketBytes,
        boolean wantsReasons,
        @Nullable Will will,
        X509Certificate @Nullable [] certificates,
        OwnTopics topics) {

    DeviceKey device() {
        return credential.device();
    }
}
