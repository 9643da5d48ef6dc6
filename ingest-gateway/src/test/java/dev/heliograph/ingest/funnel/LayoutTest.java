package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.DEVICE;
import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static dev.heliograph.ingest.funnel.FunnelFixture.everyLayout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The built-in layouts of others, and the rules of the mapping table. */
class LayoutTest {
    private static final DeviceKey PUMP = DeviceKey.of("demo", "pump-1");

    @Test
    void givenTasmotaSensors_whenPassed_thenTheyAreFlattenedInLocalTimeWithTheirUnits() {
        Outcome outcome = pass("tele/boiler-7/SENSOR", """
                {"Time":"2026-09-21T16:13:20","SI7021":{"Temperature":21.4,"Humidity":40.2,"DewPoint":null},
                 "ENERGY":{"Power":[5,7],"Total":1.5},"TempUnit":"F","PressureUnit":"hPa"}""");

        Reading reading = outcome.readings().getFirst();
        assertThat(reading.timeMicros()).isEqualTo(NOW_MICROS);
        assertThat(reading.flags()).isEmpty();
        assertThat(reading.samples())
                .containsExactly(
                        number("SI7021.Temperature", 21.4, "°F"),
                        number("SI7021.Humidity", 40.2, "%"),
                        number("ENERGY.Power.1", 5, null),
                        number("ENERGY.Power.2", 7, null),
                        number("ENERGY.Total", 1.5, "kWh"));
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::pointer)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Reason.TYPE, "/SI7021/DewPoint"));
    }

    @ParameterizedTest
    @CsvSource({
        // Summer time ends on 2026-10-25 at 01:00Z; received in the first hour, in the second, a day later.
        "2026-10-25T02:30:00, 1792888260, 1792888200",
        "2026-10-25T02:30:00, 1792891860, 1792891800",
        "2026-10-25T02:30:00, 1792978200, 1792891800",
    })
    void givenALocalTimeThatOccursTwice_whenPassed_thenTheOneNearestToTheReceiptIsTaken(
            String time, long received, long expected) {
        Outcome outcome = pass(
                everyLayout(),
                "tele/boiler-7/SENSOR",
                "{\"Time\":\"" + time + "\",\"A\":{\"T\":1}}",
                DEVICE,
                received * 1_000_000);

        assertThat(outcome.readings().getFirst().timeMicros()).isEqualTo(expected * 1_000_000);
        assertThat(outcome.readings().getFirst().flags()).containsExactly(ReadingFlag.TS_AMBIGUOUS);
    }

    @Test
    void givenALocalTimeThatTheClocksLeaveOut_whenPassed_thenItIsRefused() {
        Outcome outcome = pass(
                everyLayout(),
                "tele/boiler-7/SENSOR",
                "{\"Time\":\"2026-03-29T02:30:00\",\"A\":{\"T\":1}}",
                DEVICE,
                1_774_746_600_000_000L);

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.BAD_TS);
    }

    @Test
    void givenAnOffset_whenPassed_thenTheZoneIsNotAsked() {
        Outcome outcome = pass("tele/boiler-7/SENSOR", "{\"Time\":\"2026-09-21T14:13:20Z\",\"A\":{\"T\":1}}");

        assertThat(outcome.readings().getFirst().timeMicros()).isEqualTo(NOW_MICROS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tele/boiler-7/LWT",
                "tele/boiler-7/INFO1",
                "stat/boiler-7/RESULT",
                "v1/devices/me/attributes",
                "v1/devices/me/rpc/response/1",
                "v1/gateway/connect",
                "zigbee2mqtt/bridge/state",
                "zigbee2mqtt/boiler-7/availability"
            })
    void givenATopicWithoutMeasurements_whenPassed_thenItIsLeftAside(String topic) {
        Outcome outcome = pass(topic, "Online");

        assertThat(outcome.readings()).isEmpty();
        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.isRefused()).isFalse();
        assertThat(everyLayout().address(topic, DEVICE).isGood()).isTrue();
    }

    @Test
    void givenZigbee2Mqtt_whenPassed_thenNullIsNoValueAndKnownNamesHaveUnits() {
        Outcome outcome = pass("zigbee2mqtt/Boiler-7", """
                {"temperature":21.4,"humidity":null,"battery":97,"voltage":3005,"contact":true,"state":"ON",
                 "color":{"x":0.3,"y":0.4},"update":{"state":"idle"},"last_seen":"2026-09-21T16:13:20+02:00"}""");

        assertThat(outcome.isClean()).isTrue();
        assertThat(outcome.readings().getFirst().timeMicros()).isEqualTo(NOW_MICROS);
        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(
                        number("temperature", 21.4, "°C"),
                        number("battery", 97, "%"),
                        number("voltage", 3005, null),
                        new Sample.Flag(new MetricName("contact"), true),
                        new Sample.State(new MetricName("state"), "ON"),
                        number("color.x", 0.3, null),
                        number("color.y", 0.4, null));
    }

    @Test
    void givenAGateway_whenItReportsForItsDevices_thenEachReadingIsItsDevices() {
        String payload = """
                {"Pump 1":[{"ts":1790000000000,"values":{"t":1}},{"ts":1790000000001,"values":{"t":2}}],
                 "boiler-7":[{"t":3}],"stranger":[{"t":4}],"???":[{"t":5}]}""";

        Outcome outcome = pass(gatewayOf(PUMP), "v1/gateway/telemetry", payload, DEVICE, NOW_MICROS);

        assertThat(outcome.readings()).extracting(Reading::device).containsExactly(PUMP, PUMP, DEVICE);
        assertThat(outcome.items()).isEqualTo(5);
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::index)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Reason.IDENTITY_MISMATCH, 3),
                        org.assertj.core.groups.Tuple.tuple(Reason.UNKNOWN_DEVICE, 4));
    }

    @ParameterizedTest
    @CsvSource({
        "v1/devices/pump-1/telemetry, true",
        "v1/devices/pump-2/telemetry, false",
        "iot/v1/demo/pump-1/telemetry, true",
        "iot/v1/other/pump-1/telemetry, false"
    })
    void givenTheTopicOfAnotherDevice_whenAGatewayPublishesThere_thenItMustBeOneOfItsOwn(String topic, boolean taken) {
        TopicMappings table = gatewayOf(PUMP);

        Outcome outcome = pass(table, topic, "{\"t\":1}", DEVICE, NOW_MICROS);

        assertThat(table.address(topic, DEVICE).isGood()).isEqualTo(taken);
        assertThat(outcome.isClean()).isEqualTo(taken);
        if (taken) {
            assertThat(outcome.readings()).extracting(Reading::device).containsExactly(PUMP);
        } else {
            assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.IDENTITY_MISMATCH);
        }
    }

    @Test
    void givenABrokersMessageWithoutTenant_whenPassed_thenItIsThatOfTheTable() {
        Outcome outcome = pass(everyLayout(), "telegraf/Pump-1/cpu", "cpu usage_idle=97.5", null, NOW_MICROS);

        assertThat(outcome.readings()).extracting(Reading::device).containsExactly(PUMP);
        assertThat(outcome.readings().getFirst().samples()).containsExactly(number("cpu.usage_idle", 97.5, null));
        assertThat(pass(TopicMappings.DEFAULTS, "v1/devices/pump-1/telemetry", "{\"t\":1}", null, NOW_MICROS)
                        .refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.TOPIC);
    }

    @ParameterizedTest
    @CsvSource({"a, a", "Living Room, living-room", "0x00158D, 0x00158d", "Büro  2, b-ro-2", "_x, ", "???, ", "a/b, a-b"
    })
    void givenANameOfFreeText_whenMadeAnId_thenItIsTheStatedOne(String name, @Nullable String id) {
        DeviceId found = DeviceNames.SLUG.id(name);

        assertThat(found == null ? null : found.value()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a/{device}/{device}", "a/#/b", "a+/b", "a/{devices}", "x{device}", "{tenant}/{tenant}"})
    void givenAPatternThatIsNone_whenMade_thenItIsRefused(String pattern) {
        assertThatThrownBy(() -> new TopicMapping(pattern, Codecs.STANDARD))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void givenARowWithACodecThatIsNotThere_whenTheFunnelIsMade_thenItSaysWhichThereAre() {
        TopicMappings table = new TopicMappings(List.of(new TopicMapping("a/{device}", "protobuf")), Gateways.NONE);

        assertThatThrownBy(() -> new Funnel(FunnelLimits.DEFAULTS, table, Admission.ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("protobuf")
                .hasMessageContaining("zigbee2mqtt");
    }

    private static TopicMappings gatewayOf(DeviceKey device) {
        return new TopicMappings(
                everyLayout().rows(), (gateway, other) -> gateway.equals(DEVICE) && other.equals(device));
    }

    private static Sample number(String metric, double value, @Nullable String unit) {
        return new Sample.Measurement(new MetricName(metric), value, unit);
    }

    private static Outcome pass(String topic, String payload) {
        return pass(everyLayout(), topic, payload, DEVICE, NOW_MICROS);
    }

    private static Outcome pass(
            TopicMappings table, String topic, String payload, @Nullable DeviceKey principal, long receivedMicros) {
        return new Funnel(FunnelLimits.DEFAULTS, table, Admission.ALL)
                .pass(new RawMessage(
                        topic,
                        payload.getBytes(StandardCharsets.UTF_8),
                        principal,
                        null,
                        0,
                        receivedMicros,
                        Transport.MQTT));
    }
}
