package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.DEVICE;
import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static dev.heliograph.ingest.funnel.FunnelFixture.funnel;
import static dev.heliograph.ingest.funnel.FunnelFixture.message;
import static dev.heliograph.ingest.funnel.FunnelFixture.pass;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Location;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunnelTest {

    @Test
    void givenTheLongForm_whenPassed_thenEveryPartIsInTheReading() {
        Outcome outcome = pass("""
                {"ts":1790000000123,"seq":42,"location":{"lat":52.5,"lon":13.4,"alt":34},
                 "metrics":{"temperature":21.4,"running":true,"mode":"heating"}}""");

        assertThat(outcome.isClean()).isTrue();
        assertThat(outcome.readings())
                .containsExactly(new Reading(
                        DEVICE,
                        1_790_000_000_123_000L,
                        NOW_MICROS,
                        42L,
                        List.of(
                                new Sample.Measurement(new MetricName("temperature"), 21.4),
                                new Sample.Flag(new MetricName("running"), true),
                                new Sample.State(new MetricName("mode"), "heating")),
                        new Location(52.5, 13.4, 34.0),
                        Transport.MQTT,
                        java.util.Set.of()));
    }

    @Test
    void givenNoTime_whenPassed_thenTheTimeOfReceiptCountsAndIsFlagged() {
        Reading reading = pass("{\"temperature\":21.4}").readings().getFirst();

        assertThat(reading.timeMicros()).isEqualTo(NOW_MICROS);
        assertThat(reading.flags()).containsExactly(ReadingFlag.TS_SERVER);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-09-21T14:13:20Z, 1790000000000000",
        "2026-09-21T16:13:20.123456789+02:00, 1790000000123456",
        "2026-09-21T00:13:20.5-14:00, 1790000000500000",
    })
    void givenRfc3339_whenPassed_thenMicrosecondsAreExact(String ts, long micros) {
        Outcome outcome = pass("{\"ts\":\"" + ts + "\",\"t\":1}");

        assertThat(outcome.readings())
                .singleElement()
                .extracting(Reading::timeMicros)
                .isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "-0, 8000000000000000, false",
        "-0.0, 8000000000000000, false",
        "0, 0, false",
        "5e-324, 1, false",
        "1.7976931348623157e308, 7fefffffffffffff, false",
        "9007199254740992, 4340000000000000, false",
        "9007199254740993, 4340000000000000, true",
        "-9007199254740995, c340000000000002, true",
        "9223372036854775808, 43e0000000000000, true",
    })
    void givenANumberAtTheEdge_whenPassed_thenItsBitsAreThoseOfTheNearestDouble(
            String number, String bits, boolean inexact) {
        Reading reading = pass("{\"t\":" + number + "}").readings().getFirst();

        double value = ((Sample.Measurement) reading.samples().getFirst()).value();
        assertThat(Double.doubleToRawLongBits(value)).isEqualTo(Long.parseUnsignedLong(bits, 16));
        assertThat(reading.flags().contains(ReadingFlag.PRECISION)).isEqualTo(inexact);
    }

    @Test
    void givenATruncatedDocument_whenPassed_thenTheDetailSpeaksOfTheInputAlone() {
        Refusal refusal = pass("{\"metrics\":{\"t\":1").refusals().getFirst();

        assertThat(refusal.reason()).isEqualTo(Reason.JSON);
        assertThat(refusal.detail()).contains("at byte", "end-of-input").doesNotContain("REDACTED");
    }

    @Test
    void givenOneBadSample_whenPassed_thenTheGoodOnesAreKept() {
        Outcome outcome = pass("{\"metrics\":{\"good\":1,\"bad\":null,\"also\":\"on\",\"no/name\":2}}");

        assertThat(outcome.readings().getFirst().samples())
                .extracting(sample -> sample.metric().value())
                .containsExactly("good", "also");
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::pointer, Refusal::metric)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Reason.TYPE, "/metrics/bad", "bad"),
                        org.assertj.core.groups.Tuple.tuple(Reason.METRIC_NAME, "/metrics/no~1name", null));
    }

    @Test
    void givenOneBadReadingOfAnArray_whenPassed_thenTheOthersAreKept() {
        Outcome outcome = pass("[{\"t\":1},{\"ts\":0,\"t\":2},5,{\"t\":4}]");

        assertThat(outcome.items()).isEqualTo(4);
        assertThat(outcome.readings()).hasSize(2);
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::index, Refusal::pointer)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Reason.TS_RANGE, 1, "/1/ts"),
                        org.assertj.core.groups.Tuple.tuple(Reason.SHAPE, 2, "/2"));
    }

    @Test
    void givenABadPlace_whenPassed_thenTheSamplesAreKeptWithoutIt() {
        Outcome outcome = pass("{\"t\":1,\"location\":{\"lat\":91,\"lon\":0}}");

        assertThat(outcome.readings().getFirst().location()).isNull();
        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.LOCATION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"21.4|Measurement", "-3|Measurement", "true|Flag", "\"on\"|State"})
    void givenABareValueOnTheTopicOfAMetric_whenPassed_thenItIsASampleOfThatMetric(String payload, String kind) {
        Outcome outcome = funnel().pass(message(TOPIC + "/temperature", payload.getBytes(StandardCharsets.UTF_8)));

        Sample sample = outcome.readings().getFirst().samples().getFirst();
        assertThat(sample.metric()).isEqualTo(new MetricName("temperature"));
        assertThat(sample.getClass().getSimpleName()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"t\":1}|SHAPE", "[1]|SHAPE", "null|TYPE", "NaN|NON_FINITE", "1 2|JSON", "1e999|NON_FINITE"})
    void givenABadValueOnTheTopicOfAMetric_whenPassed_thenItIsRefused(String payload, Reason reason) {
        Outcome outcome = funnel().pass(message(TOPIC + "/temperature", payload.getBytes(StandardCharsets.UTF_8)));

        assertThat(outcome.isRefused()).isTrue();
        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "iot/v1/demo/boiler-7",
                "iot/v1/demo/boiler-7/telemetry/a/b",
                "iot/v1//boiler-7/telemetry",
                "/iot/v1/demo/boiler-7/telemetry",
                "iot/v1/demo/../telemetry",
                "iot/v1/demo/boiler%2d7/telemetry",
                "iot/v1/Demo/boiler-7/telemetry",
                "iot/v1/demo/b\u043Eiler-7/telemetry",
                "iot/v1/demo/boiler-7\u200B/telemetry",
                "iot/v1/demo/boiler-7\u0000/telemetry",
                "iot/v1/demo/boiler 7/telemetry",
                "iot/v1/demo/boiler-7/telemetry\n",
                "$SYS/broker/uptime",
            })
    void givenAStrangeTopic_whenPassed_thenItIsRefusedAsTopic(String topic) {
        Outcome outcome = funnel().pass(message(topic, "{\"t\":1}".getBytes(StandardCharsets.UTF_8)));

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.TOPIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iot/v1/demo/boiler-8/telemetry", "iot/v1/other/boiler-7/telemetry/t"})
    void givenTheTopicOfAnother_whenPassed_thenItIsRefusedAsMismatch(String topic) {
        Outcome outcome = funnel().pass(message(topic, "1".getBytes(StandardCharsets.UTF_8)));

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.IDENTITY_MISMATCH);
    }

    @Test
    void givenThingsBoardsLayout_whenPassed_thenTheDeviceIsThatOfTheConnection() {
        Outcome outcome = funnel().pass(message(
                "v1/devices/me/telemetry",
                "{\"ts\":1790000000000,\"values\":{\"t\":1,\"u\":2}}".getBytes(StandardCharsets.UTF_8)));

        assertThat(outcome.readings().getFirst().device()).isEqualTo(DEVICE);
        assertThat(outcome.readings().getFirst().samples()).hasSize(2);
    }

    @Test
    void givenNoPrincipal_whenPassed_thenTheTopicNamesTheDevice() {
        RawMessage fromBroker = new RawMessage(
                "iot/v1/acme/pump-1/telemetry",
                "{\"t\":1}".getBytes(StandardCharsets.UTF_8),
                null,
                null,
                0,
                NOW_MICROS,
                Transport.SUBSCRIPTION);

        Outcome outcome = funnel().pass(fromBroker);

        assertThat(outcome.device()).isEqualTo(DeviceKey.of("acme", "pump-1"));
        assertThat(outcome.isClean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "null|null",
                "application/json|null",
                "Application/JSON; charset=\"UTF-8\"|null",
                "application/json; charset=utf-7|CONTENT_TYPE",
                "application/xml|CONTENT_TYPE",
                "json|CONTENT_TYPE",
                "application/json; charset|CONTENT_TYPE",
                "application/cbor|TYPE_MISMATCH",
                "application/senml+json|SHAPE",
                "text/plain|TYPE_MISMATCH"
            })
    void givenAContentType_whenPassed_thenTheBodyMustBeOfIt(@Nullable String contentType, @Nullable Reason refusal) {
        RawMessage declared = new RawMessage(
                TOPIC,
                "{\"t\":1}".getBytes(StandardCharsets.UTF_8),
                DEVICE,
                contentType,
                0,
                NOW_MICROS,
                Transport.MQTT);

        Outcome outcome = funnel().pass(declared);

        assertThat(outcome.refusals())
                .extracting(Refusal::reason)
                .isEqualTo(refusal == null ? List.of() : List.of(refusal));
    }

    @Test
    void givenTooManyUserProperties_whenPassed_thenItIsRefused() {
        RawMessage decorated =
                new RawMessage(TOPIC, new byte[] {'1'}, DEVICE, null, 10_000, NOW_MICROS, Transport.MQTT);

        assertThat(funnel().pass(decorated).refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.PROPERTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "efbbbf7b2274223a317d", // UTF-8 with byte order mark
                "fffe7b002200", // UTF-16 LE with byte order mark
                "7b00220074002200", // UTF-16 LE without
                "0000007b", // UTF-32 BE
                "1f8b0800000000000000", // gzip
                "28b52ffd", // zstd
                "7b2273223a22c0af227d", // overlong
                "7b2273223a22eda080227d", // surrogate
                "7b2273223a22f5808080227d", // beyond U+10FFFF
                "7b2273223a22e282227d", // truncated sequence
                "7b2273223a22ff227d",
                "7b2274223a310000", // trailing NUL
            })
    void givenBytesThatAreNotPlainUtf8_whenPassed_thenTheyAreRefusedAsEncoding(String hex) {
        Outcome outcome = pass(HexFormat.of().parseHex(hex));

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.ENCODING);
    }

    @Test
    void givenNoBytes_whenPassed_thenItIsRefusedAsEmpty() {
        assertThat(pass(new byte[0]).refusals()).extracting(Refusal::reason).containsExactly(Reason.EMPTY);
    }

    @Test
    void givenMoreBytesThanAMessageMayHave_whenPassed_thenItIsRefusedAsTooLarge() {
        byte[] payload = new byte[FunnelLimits.DEFAULTS.maxPayloadBytes() + 1];

        assertThat(pass(payload).refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_LARGE);
    }

    @Test
    void givenFiveHundredMetrics_whenPassed_thenAllAreTaken() {
        assertThat(pass(metrics(500)).readings().getFirst().samples()).hasSize(500);
    }

    @Test
    void givenOneMetricMore_whenPassed_thenTheMessageIsRefused() {
        assertThat(pass(metrics(501)).refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_MANY);
    }

    @Test
    void givenMoreReadingsThanAnArrayMayHave_whenPassed_thenTheMessageIsRefused() {
        String array = IntStream.range(0, 501).mapToObj(i -> "{\"t\":1}").collect(Collectors.joining(",", "[", "]"));

        assertThat(pass(array).refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_MANY);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 1_000, 200_000})
    void givenANumberOfManyDigits_whenPassed_thenTheMessageIsRefused(int digits) {
        Outcome outcome = pass("{\"t\":" + "9".repeat(digits) + "}");

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_MANY);
    }

    @Test
    void givenAnEndlessTextOrName_whenPassed_thenTheMessageIsRefused() {
        assertThat(pass("{\"s\":\"" + "x".repeat(200_000) + "\"}").refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.TOO_MANY);
        assertThat(pass("{\"" + "x".repeat(50_000) + "\":1}").refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.TOO_MANY);
    }

    @Test
    void givenNestingOfAHundredThousand_whenPassed_thenItIsRefusedAsDepth() {
        assertThat(pass("[".repeat(100_000)).refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.DEPTH);
        assertThat(pass("{\"a\":".repeat(40_000)).refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.DEPTH);
    }

    @Test
    void givenADeviceThatIsNotRegistered_whenPassed_thenItIsRefused() {
        Funnel strict = new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return false;
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return Verdict.ADMITTED;
            }
        });

        assertThat(strict.pass(message(TOPIC, new byte[] {'1'})).refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.UNKNOWN_DEVICE);
    }

    @Test
    void givenAMetricBeyondTheBudget_whenPassed_thenOnlyItsSampleIsRefused() {
        Funnel frugal = new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return true;
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return sample.metric().value().equals("new") ? Verdict.REFUSED : Verdict.ADMITTED;
            }
        });

        Outcome outcome = frugal.pass(message(TOPIC, "{\"a\":1,\"new\":2,\"b\":3}".getBytes(StandardCharsets.UTF_8)));

        assertThat(outcome.readings().getFirst().samples())
                .extracting(sample -> sample.metric().value())
                .containsExactly("a", "b");
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::metric)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Reason.CARDINALITY, "new"));
    }

    @Test
    void givenHostileText_whenRefused_thenTheDetailForgesNoLogLine() {
        Outcome outcome = pass("{\"a\\r\\n\\u001b[31mFATAL\\u202e\":1}");

        Refusal refusal = outcome.refusals().getFirst();
        assertThat(refusal.pointer()).doesNotContain("\r", "\n", "\u001b", "\u202e");
    }

    @Test
    void givenAnotherEncodingOfGoodJson_whenPassed_thenItIsNotGuessed() {
        byte[] utf16 = "{\"t\":1}".getBytes(Charset.forName("UTF-16BE"));

        assertThat(pass(utf16).refusals()).extracting(Refusal::reason).containsExactly(Reason.ENCODING);
    }

    private static String metrics(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"m" + i + "\":" + i)
                .collect(Collectors.joining(",", "{\"metrics\":{", "}}"));
    }
}
