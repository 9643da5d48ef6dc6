package dev.heliograph.ingest.mqtt;

import static dev.heliograph.ingest.mqtt.Wire.TELEMETRY;
import static dev.heliograph.ingest.mqtt.Wire.connect;
import static dev.heliograph.ingest.mqtt.Wire.publish;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.Topics;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue of bad input, as far as it meets the endpoint: each entry's answer, that nothing wrong is stored, and that
 * a device beside it notices nothing. By bytes through the codec of the endpoint. The entries that need TLS are in
 * {@code EndpointTlsTest}, those that need time and real sockets in {@code HostileClientsTest}; payloads are in {@code FunnelTest}.
 */
class EndpointBadInputTest {
    private static final String GOOD = "{\"t\":1}";
    private static final DeviceKey NEIGHBOUR = DeviceKey.of("demo", "boiler-8");

    /**
     * One entry.
     *
     * @param number of the catalogue
     * @param what in words
     * @param act what the peer does; it is connected by MQTT 5 unless the entry is about that
     * @param answers all packets that come back
     * @param open whether the connection lives on
     * @param readings how many readings are stored
     * @param quarantine the reason in the quarantine, or null
     */
    record Entry(
            String number,
            String what,
            boolean connected,
            Consumer<Wire.Peer> act,
            List<String> answers,
            boolean open,
            int readings,
            @Nullable String quarantine) {
        @Override
        public String toString() {
            return number + " " + what;
        }
    }

    static Stream<Entry> catalogue() {
        List<Entry> all = new ArrayList<>();
        topics(all);
        filters(all);
        connects(all);
        flags(all);
        properties(all);
        identities(all);
        malformed(all);
        return all.stream();
    }

    private static void topics(List<Entry> all) {
        String longest = "iot/v1/demo/boiler-7/" + "x".repeat(65_535 - "iot/v1/demo/boiler-7/".length());
        all.add(topic("D1", "another tenant's topic", "iot/v1/other/boiler-7/telemetry", "PUBACK 87"));
        all.add(topic("D2", "another device's topic", "iot/v1/demo/boiler-8/telemetry", "PUBACK 87"));
        all.add(topic("D7", "empty levels", "iot/v1///telemetry", "PUBACK 87"));
        all.add(topic("D7", "leading slash", "/" + TELEMETRY, "PUBACK 87"));
        all.add(new Entry(
                "D7",
                "trailing slash: the own topic, and no metric",
                true,
                peer -> peer.send(publish(TELEMETRY + "/", 7, GOOD)),
                List.of("PUBACK 99"),
                true,
                0,
                "METRIC_NAME"));
        all.add(topic("D7", "65,535 bytes", longest, "PUBACK 87"));
        all.add(topic("D7", "200 levels", TELEMETRY + "/a".repeat(200), "PUBACK 87"));
        all.add(topic("D7", "dot segments", "iot/v1/demo/boiler-7/../boiler-8/telemetry", "PUBACK 87"));
        all.add(topic("D7", "encoded dot segments", "iot/v1/demo/boiler-7/%2e%2e/telemetry", "PUBACK 87"));
        all.add(topic("D7", "space", "iot/v1/demo/boiler 7/telemetry", "PUBACK 87"));
        all.add(topic("D7", "newline", "iot/v1/demo/boiler-7\n/telemetry", "PUBACK 87"));
        all.add(raw("D7", "NUL", rawPublish("iot/v1/demo/boiler-7\0/telemetry".getBytes(UTF_8)), "DISCONNECT 81"));
        all.add(raw("D7", "wildcard +", rawPublish("iot/v1/demo/+/telemetry".getBytes(UTF_8)), "DISCONNECT 81"));
        all.add(raw("D7", "wildcard #", rawPublish("iot/v1/demo/boiler-7/#".getBytes(UTF_8)), "DISCONNECT 81"));
        all.add(topic("D8", "capital letter", "iot/v1/Demo/boiler-7/telemetry", "PUBACK 87"));
        all.add(topic("D8", "Cyrillic o", "iot/v1/dem\u043e/boiler-7/telemetry", "PUBACK 87"));
        all.add(topic("D8", "zero width space", "iot/v1/demo/boiler-7\u200b/telemetry", "PUBACK 87"));
        all.add(topic("D8", "right-to-left override", "iot/v1/demo/\u202eboiler-7/telemetry", "PUBACK 87"));
        all.add(topic("D8", "decomposed form", "iot/v1/demo/bo\u0131\u0307ler-7/telemetry", "PUBACK 87"));
        all.add(raw("D9", "overlong form", rawPublish(hex("696f742fc0af")), "DISCONNECT 81"));
        all.add(raw("D9", "surrogate", rawPublish(hex("696f742feda080")), "DISCONNECT 81"));
        all.add(raw("D9", "no UTF-8 at all", rawPublish(hex("ff00ff")), "DISCONNECT 81"));
    }

    private static void filters(List<Entry> all) {
        for (String filter : List.of("#", "iot/v1/+/+/#", "$SYS/#", "iot/v1/demo/+/errors", "+/+/+/+/+")) {
            all.add(filter("D3", filter));
        }
        for (String filter : List.of("$share/ingest/#", "$share/ingest/iot/v1/+/+/telemetry", "$queue/#")) {
            all.add(filter("D4", filter));
        }
    }

    private static void connects(List<Entry> all) {
        all.add(client("D5", "the gateway's client id", "heliograph-ingest-0", "CONNACK 85"));
        all.add(client("D5", "another device's client id", "boiler-8", "CONNACK 85"));
        all.add(client("D5", "another device's full client id", "demo/boiler-8", "CONNACK 85"));
        all.add(client("D5", "a client id that only begins like the own", "boiler-77", "CONNACK 85"));
        all.add(user("D6", "anonymous", null, null, "CONNACK 86"));
        all.add(user("D6", "no password", "demo/boiler-7", null, "CONNACK 86"));
        all.add(user("D6", "wrong password", "demo/boiler-7", "guessed", "CONNACK 86"));
        all.add(user("D6", "empty password", "demo/boiler-7", "", "CONNACK 86"));
        all.add(user("D46", "unknown device", "demo/nobody", Wire.PASSWORD, "CONNACK 86"));
        all.add(user("D46", "unknown tenant", "nobody/boiler-7", Wire.PASSWORD, "CONNACK 86"));
        all.add(user("D46", "disabled device", "demo/disabled", Wire.PASSWORD, "CONNACK 86"));
        all.add(entry(
                "D50",
                "MQTT 3.1",
                false,
                peer -> peer.send(connect(MqttVersion.MQTT_3_1, "boiler-7").build()),
                "CONNACK 01"));
        all.add(entry(
                "D50",
                "MQTT 6",
                false,
                peer -> peer.sendHex("101400044d51545406020000" + "0008626f696c65722d37"),
                "CONNACK 01"));
        all.add(new Entry(
                "D50",
                "MQTT 3.1.1 is served",
                false,
                peer -> peer.send(connect(MqttVersion.MQTT_3_1_1, "boiler-7").build()),
                List.of("CONNACK 00"),
                true,
                0,
                null));
    }

    private static void flags(List<Entry> all) {
        all.add(entry("D10", "retain", true, publishing(MqttQoS.AT_LEAST_ONCE, true), "DISCONNECT 9A"));
        all.add(entry("D10", "QoS 2", true, publishing(MqttQoS.EXACTLY_ONCE, false), "DISCONNECT 9B"));
        all.add(new Entry(
                "D10", "QoS 0 is taken", true, publishing(MqttQoS.AT_MOST_ONCE, false), List.of(), true, 1, null));
        all.add(entry(
                "D10",
                "a Will that is retained",
                false,
                willing(TELEMETRY, MqttQoS.AT_LEAST_ONCE, true),
                "CONNACK 9A"));
        all.add(entry("D10", "a Will of QoS 2", false, willing(TELEMETRY, MqttQoS.EXACTLY_ONCE, false), "CONNACK 9B"));
        all.add(entry(
                "D10",
                "a Will on the topic of another",
                false,
                willing("iot/v1/demo/boiler-8/status", MqttQoS.AT_LEAST_ONCE, false),
                "CONNACK 90"));
        all.add(new Entry(
                "D10",
                "a Will on the own telemetry topic is taken",
                false,
                willing(TELEMETRY, MqttQoS.AT_LEAST_ONCE, false),
                List.of("CONNACK 00"),
                true,
                0,
                null));
        all.add(raw("D11", "256 MB announced", hex("32ffffff7f"), "DISCONNECT 95"));
        all.add(entry(
                "D11",
                "one byte over the limit",
                true,
                peer -> peer.send(publish(TELEMETRY, 7, "x".repeat(270_336))),
                "DISCONNECT 95"));
    }

    private static void properties(List<Entry> all) {
        MqttProperties many = new MqttProperties();
        for (int i = 0; i < 10_000; i++) {
            many.add(new MqttProperties.UserProperty("k" + i, "v"));
        }
        all.add(property("D12", "10,000 user properties", many, "PUBACK 99", 0, "PROPERTY"));
        MqttProperties large = new MqttProperties();
        large.add(new MqttProperties.UserProperty("k", "v".repeat(65_000)));
        all.add(property("D12", "a property of 64 KB is passed over", large, "PUBACK 00", 1, null));
        MqttProperties type = new MqttProperties();
        type.add(new MqttProperties.StringProperty(MqttProperties.CONTENT_TYPE, "application/x-unheard-of"));
        all.add(property("D12", "unknown content type", type, "PUBACK 99", 0, "CONTENT_TYPE"));
        MqttProperties expiry = new MqttProperties();
        expiry.add(new MqttProperties.IntegerProperty(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 1));
        all.add(property("D13", "a message expiry is passed over: nothing waits here", expiry, "PUBACK 00", 1, null));
        MqttProperties alias = new MqttProperties();
        alias.add(new MqttProperties.IntegerProperty(MqttProperties.TOPIC_ALIAS, 3));
        all.add(entry("D49", "topic alias beyond the maximum", true, publishing(alias), "DISCONNECT 94"));
        MqttProperties zero = new MqttProperties();
        zero.add(new MqttProperties.IntegerProperty(MqttProperties.TOPIC_ALIAS, 0));
        all.add(entry("D49", "topic alias 0", true, publishing(zero), "DISCONNECT 94"));
    }

    private static void identities(List<Entry> all) {
        for (String member : List.of("tenant", "tenant_id", "device", "device_id", "deviceId")) {
            all.add(new Entry(
                    "D47",
                    "a payload that claims another " + member,
                    true,
                    peer -> peer.send(publish(TELEMETRY, 7, "{\"" + member + "\":\"other\",\"metrics\":{\"t\":1}}")),
                    List.of("PUBACK 99"),
                    true,
                    0,
                    "IDENTITY_MISMATCH"));
        }
    }

    private static void malformed(List<Entry> all) {
        all.add(raw("D49", "a length of five bytes", hex("32ffffffff01"), "DISCONNECT 81"));
        all.add(raw("D49", "QoS 3", hex("36050001610001"), "DISCONNECT 81"));
        all.add(raw("D49", "flags that SUBSCRIBE must not have", hex("80080001000003612f6200"), "DISCONNECT 81"));
        all.add(raw("D49", "a packet of type 0", hex("0000"), "DISCONNECT 81"));
        all.add(raw(
                "D49",
                "a topic longer than its packet",
                hex("3206ffff61000100" + "61".repeat(65_535)),
                "DISCONNECT 81"));
        all.add(raw("D49", "an unknown property", hex("32090001610007027f0031"), "DISCONNECT 81"));
        all.add(raw("D49", "packet id 0", hex("32080001610000007b7d"), "DISCONNECT 81"));
        all.add(raw("D49", "PUBREL of nothing", hex("62020009"), "DISCONNECT 82"));
        all.add(raw("D49", "SUBSCRIBE without a filter", hex("8203000900"), "DISCONNECT 82"));
        all.add(raw("D49", "CONNACK from a client", hex("2003000000"), "DISCONNECT 82"));
        all.add(raw("D49", "AUTH without a method", hex("f000"), "DISCONNECT 82"));
        all.add(entry(
                "D49",
                "a second CONNECT",
                true,
                peer -> peer.send(connect(MqttVersion.MQTT_5, "boiler-7").build()),
                "DISCONNECT 82"));
        all.add(new Entry(
                "D49",
                "a packet before CONNECT is closed quietly",
                false,
                peer -> peer.send(publish(TELEMETRY, 7, GOOD)),
                List.of(),
                false,
                0,
                null));
    }

    @ParameterizedTest
    @MethodSource("catalogue")
    void givenAnEntryOfTheCatalogue_whenSent_thenItIsAnsweredAsStatedAndHarmsNobody(Entry entry) {
        Wire wire = new Wire(1_000, TestSettings.noLimits(), "receive-maximum=5");
        wire.register(NEIGHBOUR);
        wire.register(DeviceKey.of("demo", "disabled"), false);
        Wire.Peer neighbour = wire.open().send(neighbour());
        neighbour.received();
        Wire.Peer peer = entry.connected() ? wire.connected5() : wire.open();

        entry.act().accept(peer);

        assertThat(answers(peer)).as("answers").isEqualTo(entry.answers());
        assertThat(peer.isOpen()).as("open").isEqualTo(entry.open());
        assertThat(wire.sink.of(Topics.READINGS)).as("readings").hasSize(entry.readings());
        assertThat(wire.sink.of(Topics.QUARANTINE))
                .as("quarantine")
                .map(event -> QuarantineRecord.CODEC.decode(event.value()).reason())
                .isEqualTo(entry.quarantine() == null ? List.of() : List.of(entry.quarantine()));
        neighbour.send(publish("iot/v1/demo/boiler-8/telemetry", 1, GOOD));
        assertThat(answers(neighbour)).as("the device beside it").containsExactly("PUBACK 00");
        assertThat(wire.budget.messages()).as("in flight").isZero();
    }

    private static MqttMessage neighbour() {
        return connect(MqttVersion.MQTT_5, "boiler-8")
                .username(NEIGHBOUR.toString())
                .build();
    }

    private static Entry entry(String number, String what, boolean connected, Consumer<Wire.Peer> act, String answer) {
        boolean open = answer.startsWith("PUBACK") || answer.startsWith("SUBACK");
        return new Entry(number, what, connected, act, List.of(answer), open, 0, null);
    }

    private static Entry topic(String number, String what, String topic, String answer) {
        return entry(number, what, true, peer -> peer.send(publish(topic, 7, GOOD)), answer);
    }

    private static Entry raw(String number, String what, byte[] bytes, String answer) {
        return entry(number, what, true, peer -> peer.sendHex(HexFormat.of().formatHex(bytes)), answer);
    }

    private static Entry filter(String number, String filter) {
        MqttMessage subscribe = MqttMessageBuilders.subscribe()
                .messageId(9)
                .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
                .build();
        return entry(number, "subscribe " + filter, true, peer -> peer.send(subscribe), "SUBACK 87");
    }

    private static Entry client(String number, String what, String clientId, String answer) {
        return entry(
                number,
                what,
                false,
                peer -> peer.send(connect(MqttVersion.MQTT_5, clientId).build()),
                answer);
    }

    private static Entry user(
            String number, String what, @Nullable String user, @Nullable String password, String answer) {
        MqttMessageBuilders.ConnectBuilder connect = MqttMessageBuilders.connect()
                .protocolVersion(MqttVersion.MQTT_5)
                .clientId("boiler-7")
                .cleanSession(true);
        if (user != null) {
            connect.username(user);
        }
        if (password != null) {
            connect.password(password.getBytes(UTF_8));
        }
        return entry(number, what, false, peer -> peer.send(connect.build()), answer);
    }

    private static Entry property(
            String number,
            String what,
            MqttProperties properties,
            String answer,
            int readings,
            @Nullable String quarantine) {
        return new Entry(number, what, true, publishing(properties), List.of(answer), true, readings, quarantine);
    }

    private static Consumer<Wire.Peer> publishing(MqttProperties properties) {
        return peer -> peer.send(publish(TELEMETRY, 7, GOOD, MqttQoS.AT_LEAST_ONCE, false, properties));
    }

    private static Consumer<Wire.Peer> publishing(MqttQoS qos, boolean retain) {
        return peer -> peer.send(publish(TELEMETRY, 7, GOOD, qos, retain, MqttProperties.NO_PROPERTIES));
    }

    private static Consumer<Wire.Peer> willing(String topic, MqttQoS qos, boolean retain) {
        return peer -> peer.send(connect(MqttVersion.MQTT_5, "boiler-7")
                .willFlag(true)
                .willTopic(topic)
                .willQoS(qos)
                .willRetain(retain)
                .willMessage(GOOD.getBytes(UTF_8))
                .build());
    }

    /** A PUBLISH of MQTT 5 with QoS 1, packet id 7 and no properties, whose topic is any bytes. */
    private static byte[] rawPublish(byte[] topic) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x32);
        packet.write(2 + topic.length + 3 + GOOD.length());
        packet.write(0);
        packet.write(topic.length);
        packet.writeBytes(topic);
        packet.writeBytes(new byte[] {0, 7, 0});
        packet.writeBytes(GOOD.getBytes(UTF_8));
        return packet.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static List<String> answers(Wire.Peer peer) {
        List<String> answers = new ArrayList<>();
        for (MqttMessage next = peer.received(); next != null; next = peer.received()) {
            answers.add(describe(next));
        }
        return answers;
    }

    private static String describe(MqttMessage message) {
        int code = switch (message) {
            case MqttConnAckMessage connAck ->
                connAck.variableHeader().connectReturnCode().byteValue();
            case MqttSubAckMessage subAck -> subAck.payload().reasonCodes().getFirst();
            case MqttPublishMessage publish -> publish.fixedHeader().qosLevel().value();
            default ->
                switch (message.variableHeader()) {
                    case MqttPubReplyMessageVariableHeader reply -> reply.reasonCode();
                    case MqttReasonCodeAndPropertiesVariableHeader reason -> reason.reasonCode();
                    default -> -1;
                };
        };
        return String.format(Locale.ROOT, "%s %02X", message.fixedHeader().messageType(), code & 0xFF);
    }
}
