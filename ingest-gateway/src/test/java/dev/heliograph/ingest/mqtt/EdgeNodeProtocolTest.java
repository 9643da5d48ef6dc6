package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.sparkplug.Payloads;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an edge node of Sparkplug B sees of the endpoint, packet by packet. */
class EdgeNodeProtocolTest {
    private static final String OWN = "spBv1.0/Plant/%s/Boiler 7";
    private static final long NOW = 1_790_000_000_000L;

    private final Wire wire = new Wire();

    private static MqttMessageBuilders.ConnectBuilder edgeNode(MqttVersion version, String willTopic) {
        return Wire.connect(version, "boiler-7")
                .willFlag(true)
                .willQoS(MqttQoS.AT_LEAST_ONCE)
                .willTopic(willTopic)
                .willMessage(Payloads.payload(NOW, null, Payloads.bdSeq(0)));
    }

    private Wire.Peer connect(MqttVersion version) {
        Wire.Peer peer = wire.open();
        peer.send(edgeNode(version, OWN.formatted("NDEATH")).build());
        return peer;
    }

    private static MqttPublishMessage publish(String topic, int packetId, byte[] payload) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(packetId == 0 ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE)
                .payload(Unpooled.wrappedBuffer(payload))
                .build();
    }

    private static byte[] birth() {
        return Payloads.payload(NOW, 0, Payloads.bdSeq(0), Payloads.born("Inputs/A", 1, 1.5));
    }

    @Test
    void givenAnEdgeNode_whenItConnects_thenWildcardsAreAnnouncedToItAndToNobodyElse() {
        MqttConnAckMessage edgeNode = (MqttConnAckMessage)
                Objects.requireNonNull(connect(MqttVersion.MQTT_5).received());
        Wire.Peer plain = wire.open();
        plain.send(Wire.connect(MqttVersion.MQTT_5, "boiler-7:2").build());
        MqttConnAckMessage other = (MqttConnAckMessage) Objects.requireNonNull(plain.received());

        assertThat(wildcards(edgeNode)).isEqualTo(1);
        assertThat(wildcards(other)).isZero();
    }

    private static int wildcards(MqttConnAckMessage message) {
        return ((MqttProperties.IntegerProperty) Objects.requireNonNull(message.variableHeader()
                        .properties()
                        .getProperty(MqttProperties.WILDCARD_SUBSCRIPTION_AVAILABLE)))
                .value();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spBv1.0/Plant/NDEATH/Boiler 8",
                "spBv1.0/Plant/NBIRTH/Boiler 7",
                "spBv1.0/Plant/DDEATH/Boiler 7/pump",
                "spBv1.0/STATE/heliograph"
            })
    void givenAWillThatIsNotItsOwnDeath_whenItConnects_thenItIsRefused(String topic) {
        Wire.Peer peer = wire.open();

        peer.send(edgeNode(MqttVersion.MQTT_5, topic).build());

        MqttConnAckMessage answer = (MqttConnAckMessage) Objects.requireNonNull(peer.received());
        assertThat(answer.variableHeader().connectReturnCode())
                .isEqualTo(MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID);
    }

    @Test
    void givenABirthOfQos1_whenKafkaHasIt_thenAndOnlyThenItIsAcknowledged() {
        Wire.Peer peer = connect(MqttVersion.MQTT_5);
        peer.received();
        wire.sink.events.clear();
        wire.sink.answersAtOnce = false;
        int before = wire.sink.sent();

        peer.send(publish(OWN.formatted("NBIRTH"), 7, birth()));
        assertThat(peer.received()).isNull();
        assertThat(wire.sink.of(Topics.READINGS)).singleElement().satisfies(event -> {
            assertThat(ReadingCodec.decode(event.value()).device()).isEqualTo(Wire.DEVICE);
            assertThat(event.key()).isEqualTo("demo/boiler-7");
        });
        for (int event = before; event < before + wire.sink.events.size(); event++) {
            wire.sink.answer(event, null);
        }

        MqttMessage answer = Objects.requireNonNull(peer.received());
        assertThat(answer.fixedHeader().messageType()).isEqualTo(MqttMessageType.PUBACK);
    }

    @Test
    void givenASubscription_whenItIsGranted_thenTheStateOfTheHostFollowsAndAGapIsAnsweredByARequest() {
        Wire.Peer peer = connect(MqttVersion.MQTT_3_1_1);
        peer.received();

        peer.send(MqttMessageBuilders.subscribe()
                .messageId(1)
                .addSubscription(MqttQoS.AT_LEAST_ONCE, "spBv1.0/Plant/NCMD/Boiler 7/#")
                .addSubscription(MqttQoS.AT_LEAST_ONCE, "spBv1.0/Plant/DCMD/Boiler 7/#")
                .addSubscription(MqttQoS.AT_LEAST_ONCE, "spBv1.0/STATE/heliograph")
                .addSubscription(MqttQoS.AT_LEAST_ONCE, "spBv1.0/#")
                .build());

        MqttSubAckMessage granted = (MqttSubAckMessage) Objects.requireNonNull(peer.received());
        assertThat(granted.payload().grantedQoSLevels()).containsExactly(0, 0, 0, 0x80);
        MqttPublishMessage state = (MqttPublishMessage) Objects.requireNonNull(peer.received());
        assertThat(state.variableHeader().topicName()).isEqualTo("spBv1.0/STATE/heliograph");
        assertThat(state.payload().toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"online\":true,\"timestamp\":" + NOW + "}");

        peer.send(publish(OWN.formatted("NDATA"), 0, Payloads.payload(NOW, 9, Payloads.data(1, 2))));

        MqttPublishMessage request = (MqttPublishMessage) Objects.requireNonNull(peer.received());
        assertThat(request.variableHeader().topicName()).isEqualTo("spBv1.0/Plant/NCMD/Boiler 7");
    }

    @Test
    void givenTheTopicOfAnotherEdgeNode_whenPublished_thenItIsNotAuthorized() {
        wire.register(DeviceKey.of("demo", "boiler-8"));
        Wire.Peer peer = connect(MqttVersion.MQTT_5);
        peer.received();
        int before = wire.sink.events.size();

        peer.send(publish("spBv1.0/Plant/NBIRTH/Boiler 8", 7, birth()));
        peer.send(publish("spBv1.0/Other/NBIRTH/Boiler 7", 8, birth()));

        for (int message = 0; message < 2; message++) {
            assertThat(Objects.requireNonNull(peer.received()).variableHeader())
                    .isInstanceOfSatisfying(
                            MqttPubReplyMessageVariableHeader.class,
                            header -> assertThat(header.reasonCode() & 0xFF).isEqualTo(0x87));
        }
        assertThat(wire.sink.events).hasSize(before);
    }

    @Test
    void givenAnEdgeNodeOverItsLimit_whenItPublishes_thenNothingIsLostAndItsSocketIsNotRead() {
        Wire limited = new Wire(5, 2, 1_000);
        Wire.Peer peer = limited.open();
        peer.send(edgeNode(MqttVersion.MQTT_5, OWN.formatted("NDEATH")).build());
        peer.received();

        peer.send(publish(OWN.formatted("NBIRTH"), 0, birth()));
        for (int sequence = 1; sequence <= 3; sequence++) {
            peer.send(publish(OWN.formatted("NDATA"), 0, Payloads.payload(NOW, sequence, Payloads.data(1, sequence))));
        }

        assertThat(limited.sink.of(Topics.READINGS)).hasSize(4);
        assertThat(peer.server.config().isAutoRead()).isFalse();
    }

    @Test
    void givenASubscriberOfTheState_whenTheGatewayLeaves_thenItIsToldOfflineBeforeTheGoodbye() {
        Wire.Peer peer = connect(MqttVersion.MQTT_5);
        peer.received();
        peer.send(MqttMessageBuilders.subscribe()
                .messageId(1)
                .addSubscription(MqttQoS.AT_LEAST_ONCE, "spBv1.0/STATE/heliograph")
                .build());
        peer.received();
        peer.received();

        wire.sessions.all().forEach(session -> session.drain((byte) 0x8B, "shutting down"));

        MqttPublishMessage state = (MqttPublishMessage) Objects.requireNonNull(peer.received());
        assertThat(state.payload().toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"online\":false,\"timestamp\":" + NOW + "}");
        assertThat(Objects.requireNonNull(peer.received()).fixedHeader().messageType())
                .isEqualTo(MqttMessageType.DISCONNECT);
    }
}
