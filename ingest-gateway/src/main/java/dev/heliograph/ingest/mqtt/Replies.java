package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.Printable;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The packets that the endpoint sends, in the form of the connection's protocol version. */
final class Replies {
    /** The form of a PUBACK that means success is the same four bytes in both versions: type, length 2, packet id. */
    static final int PLAIN_PUBACK_BYTES = 4;

    private static final int PLAIN_PUBACK_HEADER = 0x4002;
    private static final int MAX_REASON_LENGTH = 400;

    private Replies() {}

    static MqttMessage connectRefused(ConnectRefusal refusal, boolean mqtt5) {
        MqttConnectReturnCode code = refusal.code(mqtt5);
        MqttMessageBuilders.ConnAckBuilder builder =
                MqttMessageBuilders.connAck().returnCode(code).sessionPresent(false);
        if (mqtt5) {
            builder.properties(reason(refusal.words()));
        }
        return builder.build();
    }

    static MqttConnAckMessage connected(MqttProperties properties) {
        return MqttMessageBuilders.connAck()
                .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                .sessionPresent(false)
                .properties(properties)
                .build();
    }

    static void writePlainPubAck(ByteBuf out, int packetId) {
        out.writeShort(PLAIN_PUBACK_HEADER).writeShort(packetId);
    }

    static MqttMessage pubAck(int packetId, byte reasonCode, @Nullable String reason) {
        return new MqttMessage(
                fixedHeader(MqttMessageType.PUBACK),
                new MqttPubReplyMessageVariableHeader(packetId, reasonCode, reason(reason)));
    }

    static MqttMessage disconnect(byte reasonCode, @Nullable String reason) {
        return new MqttMessage(
                fixedHeader(MqttMessageType.DISCONNECT),
                new MqttReasonCodeAndPropertiesVariableHeader(reasonCode, reason(reason)));
    }

    static MqttMessage pong() {
        return new MqttMessage(fixedHeader(MqttMessageType.PINGRESP));
    }

    static MqttSubAckMessage subAck(int packetId, boolean mqtt5, List<Integer> codes) {
        return new MqttSubAckMessage(
                fixedHeader(MqttMessageType.SUBACK), idHeader(packetId, mqtt5), new MqttSubAckPayload(codes));
    }

    static MqttUnsubAckMessage unsubAck(int packetId, boolean mqtt5, List<Short> codes) {
        return mqtt5
                ? new MqttUnsubAckMessage(
                        fixedHeader(MqttMessageType.UNSUBACK),
                        new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES),
                        new MqttUnsubAckPayload(codes))
                : new MqttUnsubAckMessage(
                        fixedHeader(MqttMessageType.UNSUBACK), MqttMessageIdVariableHeader.from(packetId));
    }

    static MqttPublishMessage publish(String topic, ByteBuf payload) {
        return new MqttPublishMessage(
                new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttPublishVariableHeader(topic, 0),
                payload);
    }

    private static MqttMessageIdVariableHeader idHeader(int packetId, boolean mqtt5) {
        return mqtt5
                ? new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES)
                : MqttMessageIdVariableHeader.from(packetId);
    }

    private static MqttFixedHeader fixedHeader(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }

    private static MqttProperties reason(@Nullable String reason) {
        if (reason == null) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(
                MqttProperties.REASON_STRING, Printable.cut(reason, MAX_REASON_LENGTH)));
        return properties;
    }
}
