package dev.heliograph.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.Topics;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devices that were made for another platform, through the real codec. */
class ForeignDevicesTest {
    private static final String TOKEN = "A1_TEST_TOKEN";

    private final Wire wire = new Wire();

    @Test
    void givenAThingsBoardDevice_whenItConnectsByItsTokenAndPublishes_thenItIsServed() {
        registerToken();
        Wire.Peer peer = wire.open()
                .send(MqttMessageBuilders.connect()
                        .protocolVersion(MqttVersion.MQTT_3_1_1)
                        .clientId("paho-17")
                        .cleanSession(true)
                        .keepAlive(60)
                        .username(TOKEN)
                        .build());

        assertThat(((MqttConnAckMessage) peer.received())
                        .variableHeader()
                        .connectReturnCode()
                        .byteValue())
                .isZero();

        peer.send(Wire.publish("v1/devices/me/telemetry", 1, "{\"ts\":1790000000000,\"values\":{\"t\":1}}"));
        peer.send(Wire.publish("v1/devices/me/attributes", 2, "{\"firmware\":\"1.2\"}"));

        assertThat(readings())
                .singleElement()
                .satisfies(reading -> assertThat(reading.device()).isEqualTo(Wire.DEVICE));
        assertThat(peer.received().fixedHeader().messageType()).isEqualTo(MqttMessageType.PUBACK);
        assertThat(peer.received().fixedHeader().messageType()).isEqualTo(MqttMessageType.PUBACK);
        assertThat(peer.isOpen()).isTrue();
    }

    @Test
    void givenAClientIdOfAnotherDevice_whenConnectedByToken_thenThatOneIsNotTakenOver() {
        Wire.Peer first = wire.connected5();
        registerToken();
        wire.register(DeviceKey.of("demo", "pump-1"));

        Wire.Peer second = wire.open()
                .send(MqttMessageBuilders.connect()
                        .protocolVersion(MqttVersion.MQTT_5)
                        .clientId("pump-1")
                        .username(TOKEN)
                        .build());

        assertThat(((MqttConnAckMessage) second.received())
                        .variableHeader()
                        .connectReturnCode()
                        .byteValue())
                .isZero();
        assertThat(first.isOpen()).isTrue();
        assertThat(wire.sessions.count()).isEqualTo(2);
    }

    @Test
    void givenAWrongToken_whenConnecting_thenItIsRefused() {
        registerToken();

        Wire.Peer peer = wire.open()
                .send(MqttMessageBuilders.connect()
                        .protocolVersion(MqttVersion.MQTT_5)
                        .clientId("any")
                        .username(TOKEN + "x")
                        .build());

        assertThat(((MqttConnAckMessage) peer.received())
                                .variableHeader()
                                .connectReturnCode()
                                .byteValue()
                        & 0xFF)
                .isEqualTo(0x86);
    }

    private void registerToken() {
        DeviceKeyHash hash = DeviceKeyHash.of(TOKEN);
        DeviceKeyHash password = DeviceKeyHash.of(Wire.PASSWORD, new byte[16]);
        wire.devices.put(new DeviceRecord(
                1,
                "demo",
                "boiler-7",
                true,
                null,
                null,
                Map.of(),
                null,
                List.of(
                        new DeviceRecord.Credential(hash.saltHex(), hash.hashHex()),
                        new DeviceRecord.Credential(password.saltHex(), password.hashHex())),
                2,
                null));
    }

    private List<Reading> readings() {
        return wire.sink.of(Topics.READINGS).stream()
                .map(event -> ReadingCodec.decode(event.value()))
                .toList();
    }
}
