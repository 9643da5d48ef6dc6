package dev.heliograph.ingest.mqtt;

import static dev.heliograph.ingest.mqtt.Wire.DEVICE;
import static dev.heliograph.ingest.mqtt.Wire.TELEMETRY;
import static dev.heliograph.ingest.mqtt.Wire.connect;
import static dev.heliograph.ingest.mqtt.Wire.publish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
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
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttProtocolTest {
    private static final String GOOD = "{\"t\":1}";

    @Test
    void givenMqtt5_whenConnected_thenEveryLimitIsAnnounced() {
        Wire wire = new Wire();
        Wire.Peer peer =
                wire.open().send(connect(MqttVersion.MQTT_5, "").keepAlive(0).build());

        MqttProperties announced =
                ((MqttConnAckMessage) peer.received()).variableHeader().properties();

        assertThat(integer(announced, MqttProperties.RECEIVE_MAXIMUM)).isEqualTo(5);
        assertThat(integer(announced, MqttProperties.MAXIMUM_PACKET_SIZE)).isEqualTo(1_024);
        assertThat(integer(announced, MqttProperties.MAXIMUM_QOS)).isEqualTo(1);
        assertThat(integer(announced, MqttProperties.RETAIN_AVAILABLE)).isZero();
        assertThat(integer(announced, MqttProperties.TOPIC_ALIAS_MAXIMUM)).isZero();
        assertThat(integer(announced, MqttProperties.SESSION_EXPIRY_INTERVAL)).isZero();
        assertThat(integer(announced, MqttProperties.SERVER_KEEP_ALIVE)).isEqualTo(300);
        assertThat(integer(announced, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE))
                .isZero();
        assertThat(announced.getProperty(MqttProperties.ASSIGNED_CLIENT_IDENTIFIER))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "MQTT_5, demo/boiler-7, wrong, boiler-7, 86",
        "MQTT_3_1_1, demo/boiler-7, wrong, boiler-7, 4",
        "MQTT_5, demo/nobody, secret, nobody, 86",
        "MQTT_5, demo, secret, boiler-7, 86",
        "MQTT_5, demo/boiler-7, secret, boiler-8, 85",
        "MQTT_5, demo/boiler-7, secret, boiler-77, 85",
        "MQTT_3_1_1, demo/boiler-7, secret, gateway, 2",
        "MQTT_3_1, demo/boiler-7, secret, boiler-7, 1",
    })
    void givenABadConnect_whenSent_thenItIsRefusedByTheCodeOfItsVersion(
            MqttVersion version, String user, String password, String clientId, String code) {
        Wire wire = new Wire();
        Wire.Peer peer = wire.open()
                .send(connect(version, clientId)
                        .username(user)
                        .password(password.getBytes(StandardCharsets.UTF_8))
                        .build());

        assertThat(connAckCode(peer)).isEqualTo(Integer.parseInt(code, 16));
        assertThat(peer.isOpen()).isFalse();
        assertThat(wire.sessions.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"boiler-7", "demo/boiler-7", "boiler-7:2", ""})
    void givenAClientIdOfTheDevice_whenConnecting_thenItIsAccepted(String clientId) {
        Wire.Peer peer =
                new Wire().open().send(connect(MqttVersion.MQTT_5, clientId).build());

        assertThat(connAckCode(peer)).isZero();
    }

    @Test
    void givenAGatewayThatIsNotReady_whenConnecting_thenTheDeviceIsToldToComeAgain() {
        Wire wire = new Wire();
        wire.accepting = false;

        assertThat(connAckCode(
                        wire.open().send(connect(MqttVersion.MQTT_5, "boiler-7").build())))
                .isEqualTo(0x88);
    }

    @Test
    void givenTheSameClientId_whenConnectedAgain_thenTheFirstConnectionIsTakenOver() {
        Wire wire = new Wire();
        Wire.Peer first = wire.connected5();

        wire.connected5();

        assertThat(first.disconnectCode()).isEqualTo(0x8E);
        assertThat(first.isOpen()).isFalse();
        assertThat(wire.sessions.count()).isEqualTo(1);
        assertThat(events(wire)).containsExactly("connected", "connected");
    }

    @Test
    void givenTooManyConnectionsOfADevice_whenOneMore_thenItIsRefused() {
        Wire wire = new Wire();
        wire.connected(MqttVersion.MQTT_5, "boiler-7:1");
        wire.connected(MqttVersion.MQTT_5, "boiler-7:2");

        assertThat(connAckCode(wire.open()
                        .send(connect(MqttVersion.MQTT_5, "boiler-7:3").build())))
                .isEqualTo(0x97);
    }

    @Test
    void givenAFullInstance_whenConnecting_thenItIsBusy() {
        Wire wire = new Wire();
        for (String id : List.of("a", "b", "c")) {
            DeviceKey device = DeviceKey.of("demo", id);
            wire.register(device);
            wire.open()
                    .send(connect(MqttVersion.MQTT_5, id)
                            .username(device.toString())
                            .build());
        }

        assertThat(connAckCode(
                        wire.open().send(connect(MqttVersion.MQTT_5, "boiler-7").build())))
                .isEqualTo(0x89);
    }

    @Test
    void givenAnswersOutOfOrder_whenKafkaGivesThem_thenPubAcksLeaveInOrder() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5();
        wire.sink.answersAtOnce = false;
        int before = wire.sink.events.size();
        peer.send(publish(TELEMETRY, 1, GOOD)).send(publish(TELEMETRY, 2, GOOD)).send(publish(TELEMETRY, 3, GOOD));

        wire.sink.answer(before + 2, null);
        wire.sink.answer(before + 1, null);
        assertThat(peer.received()).as("nothing before the first is safe").isNull();
        wire.sink.answer(before, null);

        assertThat(pubAckId(peer)).isEqualTo(1);
        assertThat(pubAckId(peer)).isEqualTo(2);
        assertThat(pubAckId(peer)).isEqualTo(3);
    }

    @Test
    void givenAFailureOfKafka_whenAnswered_thenNothingIsAcknowledgedAndTheConnectionEnds() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5();
        wire.sink.answersAtOnce = false;
        int before = wire.sink.events.size();
        peer.send(publish(TELEMETRY, 1, GOOD)).send(publish(TELEMETRY, 2, GOOD));

        wire.sink.answer(before + 1, null);
        wire.sink.answer(before, new IllegalStateException("delivery timeout"));

        assertThat(peer.disconnectCode()).isEqualTo(0x80);
        assertThat(peer.isOpen()).isFalse();
        assertThat(wire.budget.messages()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"MQTT_5, 0", "MQTT_3_1_1, 0"})
    void givenQos0_whenPublished_thenItIsTakenWithoutAnswer(MqttVersion version, int answers) {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected(version, "boiler-7");

        peer.send(publish(TELEMETRY, 0, GOOD, MqttQoS.AT_MOST_ONCE, false, MqttProperties.NO_PROPERTIES));

        assertThat(wire.sink.of(Topics.READINGS)).hasSize(1);
        assertThat(peer.received()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iot/v1/demo/boiler-8/telemetry",
                "iot/v1/other/boiler-7/telemetry",
                "iot/v1/demo/boiler-7/errors",
                "iot/v1/demo/boiler-7/telemetry/a/b",
                "iot/v1/Demo/boiler-7/telemetry",
                "/iot/v1/demo/boiler-7/telemetry",
                "$SYS/x",
            })
    void givenATopicThatIsNotItsOwn_whenPublished_thenItIsNotAuthorised(String topic) {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5().send(publish(topic, 7, GOOD));

        assertThat(pubAckCode(peer)).isEqualTo(0x87);
        assertThat(peer.isOpen()).isTrue();
        assertThat(wire.sink.of(Topics.READINGS)).isEmpty();
        Wire.Peer old = wire.connected(MqttVersion.MQTT_3_1_1, "boiler-7:old");
        old.send(publish(topic, 7, GOOD));
        assertThat(old.isOpen()).as("MQTT 3.1.1 knows no other no").isFalse();
    }

    @Test
    void givenABadPayload_whenPublished_thenMqtt5IsToldByCodeAndReason() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5().send(publish(TELEMETRY, 7, "{\"t\":null}"));

        MqttMessage answer = peer.received();

        MqttPubReplyMessageVariableHeader header = (MqttPubReplyMessageVariableHeader) answer.variableHeader();
        assertThat(header.reasonCode() & 0xFF).isEqualTo(0x99);
        assertThat(((MqttProperties.StringProperty) header.properties().getProperty(MqttProperties.REASON_STRING))
                        .value())
                .contains("TYPE", "/t");
        assertThat(wire.sink.of(Topics.QUARANTINE)).hasSize(1);
    }

    @Test
    void givenADeviceWhoseMetricsAreUsedUp_whenItInventsAnother_thenItIsNotAskedToSendThatAgain() {
        Wire wire = new Wire();
        wire.metricsUsedUp = true;
        Wire.Peer peer = wire.connected5().send(publish(TELEMETRY, 7, GOOD));

        // 0x97 would mean: later. The device would send the message for ever, and each copy would be quarantined.
        assertThat(pubAckCode(peer)).isEqualTo(0x99);
        assertThat(wire.sink.of(Topics.QUARANTINE)).hasSize(1);
        assertThat(wire.sink.of(Topics.READINGS)).isEmpty();
    }

    @Test
    void givenAPartlyBadPayload_whenPublished_thenTheAnswerIsSuccessWithAReason() {
        Wire.Peer peer = new Wire().connected5().send(publish(TELEMETRY, 7, "{\"t\":null,\"u\":1}"));

        MqttPubReplyMessageVariableHeader header =
                (MqttPubReplyMessageVariableHeader) peer.received().variableHeader();
        assertThat(header.reasonCode()).isZero();
        assertThat(header.properties().getProperty(MqttProperties.REASON_STRING))
                .isNotNull();
    }

    @Test
    void givenABadPayload_whenPublishedByMqtt311_thenItIsAcknowledgedAndToldOnTheErrorsTopic() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected(MqttVersion.MQTT_3_1_1, "boiler-7");
        peer.send(subscribe("iot/v1/demo/boiler-7/errors"));
        assertThat(((MqttSubAckMessage) peer.received()).payload().reasonCodes())
                .containsExactly(0);

        peer.send(publish(TELEMETRY, 7, "{\"t\":null}"));

        MqttPublishMessage notice = (MqttPublishMessage) peer.received();
        assertThat(notice.variableHeader().topicName()).isEqualTo("iot/v1/demo/boiler-7/errors");
        assertThat(notice.payload().toString(StandardCharsets.UTF_8)).contains("\"TYPE\"", "\"/t\"");
        assertThat(pubAckId(peer)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "+/+",
                "iot/v1/+/+/#",
                "$SYS/#",
                "$share/ingest/#",
                "$share/x/iot/v1/demo/boiler-7/errors",
                "iot/v1/demo/boiler-8/errors",
                "iot/v1/demo/boiler-7/telemetry",
                "iot/v1/demo/boiler-7/+",
            })
    void givenAFilterThatIsNotItsOwn_whenSubscribed_thenItIsNotAuthorised(String filter) {
        Wire.Peer peer = new Wire().connected5().send(subscribe(filter));

        assertThat(((MqttSubAckMessage) peer.received()).payload().reasonCodes())
                .containsExactly(0x87);
    }

    @Test
    void givenQos2_whenPublished_thenTheConnectionEnds() {
        Wire.Peer peer = new Wire()
                .connected5()
                .send(publish(TELEMETRY, 1, GOOD, MqttQoS.EXACTLY_ONCE, false, MqttProperties.NO_PROPERTIES));

        assertThat(peer.disconnectCode()).isEqualTo(0x9B);
    }

    @Test
    void givenRetain_whenPublished_thenMqtt5IsEndedAndMqtt311Served() {
        Wire wire = new Wire();
        MqttPublishMessage retained =
                publish(TELEMETRY, 1, GOOD, MqttQoS.AT_LEAST_ONCE, true, MqttProperties.NO_PROPERTIES);

        assertThat(wire.connected5().send(retained.copy()).disconnectCode()).isEqualTo(0x9A);
        assertThat(pubAckId(wire.connected(MqttVersion.MQTT_3_1_1, "boiler-7").send(retained)))
                .isEqualTo(1);
    }

    @Test
    void givenATopicAlias_whenPublished_thenTheConnectionEnds() {
        MqttProperties alias = new MqttProperties();
        alias.add(new MqttProperties.IntegerProperty(MqttProperties.TOPIC_ALIAS, 1));

        Wire.Peer peer = new Wire().connected5().send(publish(TELEMETRY, 1, GOOD, MqttQoS.AT_LEAST_ONCE, false, alias));

        assertThat(peer.disconnectCode()).isEqualTo(0x94);
    }

    @Test
    void givenMoreThanTheReceiveMaximum_whenPublished_thenTheConnectionEnds() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5();
        wire.sink.answersAtOnce = false;

        for (int id = 1; id <= 6; id++) {
            peer.send(publish(TELEMETRY, id, GOOD));
        }

        assertThat(peer.disconnectCode()).isEqualTo(0x93);
    }

    @Test
    void givenAPacketOverTheMaximum_whenSent_thenTheConnectionEnds() {
        Wire.Peer peer = new Wire().connected5().send(publish(TELEMETRY, 1, "x".repeat(2_000)));

        assertThat(peer.disconnectCode()).isEqualTo(0x95);
    }

    @Test
    void givenASecondConnect_whenSent_thenTheConnectionEnds() {
        Wire.Peer peer = new Wire()
                .connected5()
                .send(connect(MqttVersion.MQTT_5, "boiler-7").build());

        assertThat(peer.disconnectCode()).isEqualTo(0x82);
    }

    @ParameterizedTest
    @CsvSource({
        "f0ffffffff01, 81", // a length of five bytes
        "6000, 82", // PUBREL without the flags it must have
        "36050001ff0001, 81", // QoS 3
        "320a0001ff000100007b7d2020, 81", // a topic that is not UTF-8
    })
    void givenMalformedBytes_whenSent_thenTheConnectionEnds(String hex, String code) {
        Wire.Peer peer = new Wire().connected5().sendHex(hex);

        assertThat(peer.disconnectCode()).isIn(0x81, 0x82);
        assertThat(peer.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c000", "474554202f20485454502f312e310d0a0d0a", "160301020001000", "00", "ffffffffffff"})
    void givenSomethingElseThanConnect_whenSentFirst_thenItIsClosedQuietly(String hex) {
        Wire wire = new Wire();
        Wire.Peer peer = wire.open().sendHex(hex.length() % 2 == 0 ? hex : hex + "0");

        assertThat(peer.received()).isNull();
        assertThat(wire.sink.events).isEmpty();
    }

    @Test
    void givenTooFastADevice_whenItIsMqtt5_thenItIsToldItsQuota() {
        Wire wire = new Wire(100, 2, 1_000);
        Wire.Peer peer = wire.connected5();
        peer.send(publish(TELEMETRY, 1, GOOD)).send(publish(TELEMETRY, 2, GOOD)).send(publish(TELEMETRY, 3, GOOD));

        assertThat(pubAckId(peer)).isEqualTo(1);
        assertThat(pubAckId(peer)).isEqualTo(2);
        assertThat(pubAckCode(peer)).isEqualTo(0x97);
        assertThat(wire.sink.of(Topics.READINGS)).hasSize(2);
    }

    @Test
    void givenTooFastADevice_whenItIsMqtt311_thenItIsServedAndNotReadForAWhile() {
        Wire wire = new Wire(100, 2, 1_000);
        Wire.Peer peer = wire.connected(MqttVersion.MQTT_3_1_1, "boiler-7");
        for (int id = 1; id <= 3; id++) {
            peer.send(publish(TELEMETRY, id, GOOD));
        }

        assertThat(wire.sink.of(Topics.READINGS)).as("nothing is lost").hasSize(3);
        assertThat(peer.server.config().isAutoRead()).isFalse();
    }

    @Test
    void givenAFullInstance_whenPublished_thenTheSocketIsNotReadUntilThereIsRoom() {
        Wire wire = new Wire(100, 1_000, 3);
        Wire.Peer peer = wire.connected5();
        wire.sink.answersAtOnce = false;
        int before = wire.sink.events.size();
        for (int id = 1; id <= 3; id++) {
            peer.send(publish(TELEMETRY, id, GOOD));
        }
        assertThat(peer.server.config().isAutoRead()).isFalse();

        wire.sink.answer(before, null);
        wire.sink.answer(before + 1, null);
        peer.server.runPendingTasks();

        assertThat(peer.server.config().isAutoRead()).isTrue();
    }

    @Test
    void givenARevokedKey_whenTheTableChanges_thenItsCredentialIsNoLongerValid() {
        Wire wire = new Wire();
        wire.connected5();
        Sessions.Session session = wire.sessions.of(DEVICE).iterator().next();

        wire.devices.remove(DEVICE);

        assertThat(wire.devices.isValid(session.credential())).isFalse();
    }

    @Test
    void givenAWill_whenTheConnectionBreaks_thenItIsPublishedAndADisconnectDiscardsIt() {
        Wire wire = new Wire();
        Wire.Peer lost = wire.open().send(withWill("boiler-7:1", "iot/v1/demo/boiler-7/status"));
        Wire.Peer polite = wire.open().send(withWill("boiler-7:2", "iot/v1/demo/boiler-7/status"));

        polite.send(new MqttMessage(
                new MqttFixedHeader(MqttMessageType.DISCONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0)));
        assertThat(events(wire)).containsExactly("connected", "connected");
        lost.server.close();

        assertThat(events(wire)).containsExactly("connected", "connected", "will", "disconnected");
    }

    @Test
    void givenTwoConnectionsOfADevice_whenTheNewerEndsFirst_thenTheEndOfTheOtherIsToldWithTheBeginOfTheNewer() {
        Wire wire = new Wire();
        Wire.Peer older = wire.connected(MqttVersion.MQTT_5, "boiler-7:1");
        wire.passes(Duration.ofSeconds(5));
        Wire.Peer newer = wire.connected(MqttVersion.MQTT_5, "boiler-7:2");

        newer.server.close();
        older.server.close();

        List<SessionRecord> told = wire.sink.of(Topics.DEVICE_SESSIONS).stream()
                .map(event -> SessionRecord.CODEC.decode(event.value()))
                .toList();
        assertThat(told).extracting(SessionRecord::event).containsExactly("connected", "connected", "disconnected");
        long began = told.getFirst().at();
        assertThat(told).extracting(SessionRecord::since).containsExactly(began, began + 5_000_000, began + 5_000_000);
    }

    @Test
    void givenAWillOnTheTopicOfAnother_whenConnecting_thenItIsRefused() {
        Wire.Peer peer = new Wire().open().send(withWill("boiler-7", "iot/v1/demo/boiler-8/status"));

        assertThat(connAckCode(peer)).isEqualTo(0x90);
    }

    @ParameterizedTest
    @CsvSource({"online, status-online", "offline, status-offline"})
    void givenAStatus_whenPublished_thenPresenceIsTold(String status, String event) {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5().send(publish("iot/v1/demo/boiler-7/status", 4, status));

        assertThat(pubAckId(peer)).isEqualTo(4);
        assertThat(events(wire)).containsExactly("connected", event);
    }

    @Test
    void givenAShutdown_whenDrained_thenWhatWasReadIsAcknowledgedBeforeTheGoodbye() {
        Wire wire = new Wire();
        Wire.Peer peer = wire.connected5();
        wire.sink.answersAtOnce = false;
        int before = wire.sink.events.size();
        peer.send(publish(TELEMETRY, 1, GOOD));

        wire.sessions.all().forEach(session -> session.drain((byte) 0x8B, "shutting down"));
        assertThat(peer.received()).isNull();
        wire.sink.answer(before, null);

        assertThat(pubAckId(peer)).isEqualTo(1);
        assertThat(peer.disconnectCode()).isEqualTo(0x8B);
        assertThat(peer.isOpen()).isFalse();
    }

    private static MqttMessage withWill(String clientId, String topic) {
        return connect(MqttVersion.MQTT_5, clientId)
                .willFlag(true)
                .willTopic(topic)
                .willMessage("offline".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static MqttMessage subscribe(String filter) {
        return MqttMessageBuilders.subscribe()
                .messageId(9)
                .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
                .build();
    }

    private static List<String> events(Wire wire) {
        return wire.sink.of(Topics.DEVICE_SESSIONS).stream()
                .map(event -> SessionRecord.CODEC.decode(event.value()).event())
                .toList();
    }

    private static int connAckCode(Wire.Peer peer) {
        return peer.received() instanceof MqttConnAckMessage answer
                ? answer.variableHeader().connectReturnCode().byteValue() & 0xFF
                : -1;
    }

    private static int pubAckId(Wire.Peer peer) {
        return peer.received() instanceof MqttMessage answer
                        && answer.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                        && header.reasonCode() == 0
                ? header.messageId()
                : -1;
    }

    private static int pubAckCode(Wire.Peer peer) {
        return peer.received() instanceof MqttMessage answer
                        && answer.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                ? header.reasonCode() & 0xFF
                : -1;
    }

    private static @Nullable Integer integer(MqttProperties properties, int id) {
        return properties.getProperty(id) instanceof MqttProperties.IntegerProperty property ? property.value() : null;
    }
}
