package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.ingest.tls.CertificateIdentity;
import dev.heliograph.model.id.DeviceKey;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Decides on a CONNECT, from memory and at once. */
final class ConnectPolicy {
    /** A device that takes packets of this size can take a reason string. */
    private static final int ROOM_FOR_REASONS = 1_024;

    private static final int MAX_WILL_BYTES = 64 * 1024;

    private final EndpointContext context;
    private final AtomicLong connectionNumber = new AtomicLong();

    ConnectPolicy(EndpointContext context) {
        this.context = context;
    }

    /** The answer to a CONNECT. */
    sealed interface Decision {
        record Accepted(Peer peer) implements Decision {}

        record Refused(ConnectRefusal refusal) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param certificates the chain that the device has shown and the TLS layer found to be trusted, or null
     */
    Decision decide(MqttConnectMessage connect, X509Certificate @Nullable [] certificates) {
        MqttConnectVariableHeader header = connect.variableHeader();
        if (header.version() == MqttVersion.MQTT_3_1.protocolLevel()) {
            return new Decision.Refused(ConnectRefusal.VERSION);
        }
        boolean mqtt5 = header.version() == MqttVersion.MQTT_5.protocolLevel();
        if (!context.accepting().getAsBoolean()) {
            return new Decision.Refused(ConnectRefusal.UNAVAILABLE);
        }
        if (context.sessions().count() >= context.settings().maxConnections()) {
            return new Decision.Refused(ConnectRefusal.BUSY);
        }
        MqttConnectPayload payload = connect.payload();
        if (!isWellFormed(payload)) {
            return new Decision.Refused(ConnectRefusal.MALFORMED);
        }
        if (header.properties().getProperty(MqttProperties.AUTHENTICATION_METHOD) != null) {
            return new Decision.Refused(ConnectRefusal.AUTHENTICATION_METHOD);
        }
        Optional<Credential> credential = certificates == null
                ? context.devices().authenticate(payload.userName(), payload.passwordInBytes())
                : certified(certificates[0], payload.userName());
        return credential
                .map(proven -> accept(proven, certificates, header, payload, mqtt5))
                .orElseGet(() -> new Decision.Refused(
                        certificates == null ? ConnectRefusal.CREDENTIALS : ConnectRefusal.CERTIFICATE));
    }

    /** Who shows a certificate is the device that it names; a user name may be left out, but not be another's. */
    private Optional<Credential> certified(X509Certificate certificate, @Nullable String userName) {
        return CertificateIdentity.of(certificate)
                .filter(device -> userName == null || userName.isEmpty() || userName.equals(device.toString()))
                .flatMap(context.devices()::certified);
    }

    private static boolean isWellFormed(MqttConnectPayload payload) {
        return WellFormed.text(payload.clientIdentifier())
                && (payload.userName() == null || WellFormed.text(payload.userName()))
                && (payload.willTopic() == null || WellFormed.text(payload.willTopic()));
    }

    private Decision accept(
            Credential credential,
            X509Certificate @Nullable [] certificates,
            MqttConnectVariableHeader header,
            MqttConnectPayload payload,
            boolean mqtt5) {
        DeviceKey device = credential.device();
        boolean assigned = payload.clientIdentifier().isEmpty();
        boolean byToken = DeviceTable.isToken(payload.userName(), payload.passwordInBytes());
        String given = byToken && !assigned
                ? ClientIds.scoped(payload.clientIdentifier(), device)
                : payload.clientIdentifier();
        if (!assigned && !ClientIds.isOwn(given, device)) {
            return new Decision.Refused(ConnectRefusal.CLIENT_ID);
        }
        OwnTopics topics = new OwnTopics(device, context.mappings());
        ConnectRefusal willFault = willFault(header, payload, device, topics, mqtt5);
        if (willFault != null) {
            return new Decision.Refused(willFault);
        }
        int keepAlive = keepAliveSeconds(header, mqtt5);
        return new Decision.Accepted(new Peer(
                credential,
                assigned ? ClientIds.assigned(device, connectionNumber.incrementAndGet()) : given,
                assigned,
                mqtt5,
                keepAlive,
                keepAlive != header.keepAliveTimeSeconds(),
                maxPacketBytes(header.properties()),
                mqtt5 && wantsReasons(header.properties()),
                header.isWillFlag() ? new Will(payload.willTopic(), payload.willMessageInBytes()) : null,
                certificates,
                topics));
    }

    private @Nullable ConnectRefusal willFault(
            MqttConnectVariableHeader header,
            MqttConnectPayload payload,
            DeviceKey device,
            OwnTopics topics,
            boolean mqtt5) {
        if (!header.isWillFlag()) {
            return null;
        }
        String topic = payload.willTopic();
        boolean isDeath = context.edgeNodes() != null && EdgeNodes.isDeathOf(topic, device);
        if (!isDeath && !topics.isStatus(topic) && !topics.isTelemetry(topic)) {
            return ConnectRefusal.WILL_TOPIC;
        }
        if (header.willQos() > MqttQoS.AT_LEAST_ONCE.value()) {
            return ConnectRefusal.WILL_QOS;
        }
        // An MQTT 3.1.1 device cannot know that nothing is retained here; its flag is passed over.
        if (header.isWillRetain() && mqtt5) {
            return ConnectRefusal.WILL_RETAIN;
        }
        return payload.willMessageInBytes().length > MAX_WILL_BYTES ? ConnectRefusal.TOO_LARGE : null;
    }

    /** MQTT 5 can be told another keep-alive; MQTT 3.1.1 cannot, so its own is kept. */
    private int keepAliveSeconds(MqttConnectVariableHeader header, boolean mqtt5) {
        int asked = header.keepAliveTimeSeconds();
        int longest = (int) context.settings().maxKeepAlive().toSeconds();
        return mqtt5 && (asked == 0 || asked > longest) ? longest : asked;
    }

    private static boolean wantsReasons(MqttProperties properties) {
        Integer problemInformation = integer(properties, MqttProperties.REQUEST_PROBLEM_INFORMATION);
        return (problemInformation == null || problemInformation != 0)
                && maxPacketBytes(properties) >= ROOM_FOR_REASONS;
    }

    private static long maxPacketBytes(MqttProperties properties) {
        Integer maxPacketSize = integer(properties, MqttProperties.MAXIMUM_PACKET_SIZE);
        return maxPacketSize == null ? Long.MAX_VALUE : Integer.toUnsignedLong(maxPacketSize);
    }

    private static @Nullable Integer integer(MqttProperties properties, int id) {
        return properties.getProperty(id) instanceof MqttProperties.IntegerProperty property ? property.value() : null;
    }
}
