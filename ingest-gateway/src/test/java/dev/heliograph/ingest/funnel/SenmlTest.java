package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static dev.heliograph.ingest.funnel.FunnelFixture.declared;
import static dev.heliograph.ingest.funnel.FunnelFixture.funnel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SenML by RFC 8428: its own examples with times of today, resolution, and what is refused. */
class SenmlTest {

    @Test
    void givenOneRecordNamedByItsDeviceOnly_whenPassed_thenTheMetricIsValue() {
        Outcome outcome = pass("[{\"n\":\"urn:dev:ow:10e2073a01080063\",\"u\":\"Cel\",\"v\":23.1}]");

        Reading reading = outcome.readings().getFirst();
        assertThat(reading.samples()).containsExactly(number("value", 23.1, "°C"));
        assertThat(reading.timeMicros()).isEqualTo(NOW_MICROS);
        assertThat(reading.flags()).containsExactly(ReadingFlag.TS_SERVER);
    }

    @Test
    void givenRecordsUnderABaseName_whenPassed_thenTheyAreOneReading() {
        Outcome outcome = pass("""
                [{"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","u":"V","v":120.1},
                 {"n":"current","u":"A","v":1.2}]""");

        assertThat(outcome.isClean()).isTrue();
        assertThat(outcome.items()).isEqualTo(2);
        assertThat(outcome.readings())
                .singleElement()
                .satisfies(reading -> assertThat(reading.samples())
                        .containsExactly(number("voltage", 120.1, "V"), number("current", 1.2, "A")));
    }

    @Test
    void givenTimesRelativeToABaseTime_whenPassed_thenEachInstantIsAReading() {
        Outcome outcome = pass("""
                [{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.790000000001e+09,"bu":"A","bver":5,"n":"voltage","u":"V","v":120.1},
                 {"n":"current","t":-5,"v":1.2},{"n":"current","t":-4,"v":1.3},{"n":"current","v":1.7}]""");

        assertThat(outcome.readings())
                .extracting(Reading::timeMicros)
                .containsExactly(
                        1_790_000_000_001_000L + 0,
                        1_789_999_995_001_000L,
                        1_789_999_996_001_000L,
                        1_790_000_000_001_000L);
        assertThat(outcome.readings().getLast().samples()).containsExactly(number("current", 1.7, "A"));
        assertThat(outcome.readings())
                .allSatisfy(reading -> assertThat(reading.flags()).isEmpty());
    }

    @Test
    void givenATimeBelowTwoToThe28_whenPassed_thenItIsRelativeToTheReceipt() {
        Outcome outcome = pass("[{\"n\":\"a\",\"t\":-120.5,\"v\":1},{\"n\":\"a\",\"t\":30,\"v\":2}]");

        assertThat(outcome.readings())
                .extracting(Reading::timeMicros)
                .containsExactly(NOW_MICROS - 120_500_000, NOW_MICROS + 30_000_000);
        assertThat(outcome.readings())
                .allSatisfy(reading -> assertThat(reading.flags()).containsExactly(ReadingFlag.TS_SERVER));
    }

    @Test
    void givenBaseValueAndSums_whenPassed_thenTheyAreAdded() {
        Outcome outcome = pass("""
                [{"bn":"meter:","bu":"W","bv":100,"bs":5,"n":"power","v":20.5,"s":1},{"n":"idle"}]""".replace("meter", "boiler-7"));

        assertThat(outcome.refusals()).isEmpty();
        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(number("power", 120.5, "W"), number("power.sum", 6, "W·s"), number("idle", 100, "W"));
    }

    @Test
    void givenTextBooleanAndData_whenPassed_thenTheDataAloneIsRefused() {
        Outcome outcome = pass("""
                [{"bn":"urn:dev:mac:0024befffe804ff1_","n":"open","vb":true},{"n":"label","vs":"Machine Room"},
                 {"n":"nfc-reader","vd":"aGkgCg"}]""");

        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(
                        new Sample.Flag(new MetricName("open"), true),
                        new Sample.State(new MetricName("label"), "Machine Room"));
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::pointer, Refusal::index)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Reason.TYPE, "/2/vd", 2));
    }

    @Test
    void givenTheSameNameTwiceAtOneTime_whenPassed_thenBothAreKeptForTheStoreToJudge() {
        Outcome outcome = pass("[{\"n\":\"a\",\"v\":1},{\"n\":\"a\",\"v\":2}]");

        assertThat(outcome.readings()).hasSize(2);
        assertThat(outcome.isClean()).isTrue();
    }

    @Test
    void givenAPackInCborWithIntegerLabels_whenPassed_thenItIsThatOfTheJson() {
        // [{-2: "urn:dev:ow:10e2073a01080063:", -3: 1790000000.5, 0: "voltage", 1: "V", 2: 120.5}, {0: "current", 2:
        // 1}]
        String name = "urn:dev:ow:10e2073a01080063:";
        String cbor = "82" + "a5" + "21" + "78" + "%02x".formatted(name.length())
                + HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8)) + "22" + "fb41daac4ee0200000" + "00"
                + "67766f6c74616765" + "01" + "6156" + "02" + "f95788" + "a2" + "00" + "6763757272656e74" + "02" + "01";

        Outcome fromCbor = funnel().pass(declared(TOPIC, HexFormat.of().parseHex(cbor), "application/senml+cbor"));
        Outcome fromJson =
                pass("[{\"bn\":\"" + name + "\",\"bt\":1790000000.5,\"n\":\"voltage\",\"u\":\"V\",\"v\":120.5},"
                        + "{\"n\":\"current\",\"v\":1}]");

        assertThat(fromCbor).isEqualTo(fromJson);
        assertThat(fromJson.isClean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "temperature|temperature",
                "room1/temperature|room1.temperature",
                "boiler-7/temperature|temperature",
                "boiler-7:temperature|temperature",
                "urn:dev:mac:0024befffe804ff1:temp|temp",
                "urn:dev:mac:0024befffe804ff1_temp_inside|temp_inside",
                "urn:dev:mac:0024befffe804ff1:room/temp|room.temp",
                "2001:db8::1/temp|temp",
                "https://example.com/plant/7/temp|temp",
            })
    void givenAName_whenPassed_thenTheMetricIsWhatItSaysOfIt(String name, String metric) {
        assertThat(pass("[{\"n\":\"" + name + "\",\"v\":1}]")
                        .readings()
                        .getFirst()
                        .samples())
                .containsExactly(number(metric, 1, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"n\":\"a\",\"v\":1}|SHAPE",
                "[]|SHAPE",
                "[1]|SHAPE",
                "[{\"bn\":\"a\"}]|SHAPE",
                "[{\"n\":\"a\"}]|SENML",
                "[{\"v\":1}]|SENML",
                "[{\"n\":\"a\",\"v\":1,\"vs\":\"x\"}]|SENML",
                "[{\"n\":\"a\",\"v\":1,\"x_\":1}]|SENML",
                "[{\"n\":\"a\",\"v\":1,\"bver\":11}]|SENML",
                "[{\"n\":\"a\",\"v\":1,\"bt\":\"now\"}]|SENML",
                "[{\"bn\":5,\"n\":\"a\",\"v\":1}]|SENML",
                "[{\"n\":5,\"v\":1}]|TYPE",
                "[{\"n\":\"a\",\"v\":\"1\"}]|TYPE",
                "[{\"n\":\"a\",\"vb\":1}]|TYPE",
                "[{\"n\":\"a\",\"v\":null}]|TYPE",
                "[{\"n\":\"a\",\"v\":1e999}]|NON_FINITE",
                "[{\"n\":\"a\",\"t\":\"x\",\"v\":1}]|BAD_TS",
                "[{\"n\":\"a\",\"t\":600,\"v\":1}]|FUTURE_TS",
                "[{\"n\":\"a\",\"t\":1790000000000,\"v\":1}]|TS_RANGE",
                "[{\"n\":\"a\",\"t\":-9000000,\"v\":1}]|TOO_OLD",
                "[{\"n\":\"1a\",\"v\":1}]|METRIC_NAME",
                "[{\"n\":\"boiler-8:a\",\"v\":1}]|IDENTITY_MISMATCH",
                "[{\"n\":\"a\",\"v\":1,\"v\":2}]|DUPLICATE_KEY",
                "[{\"n\":\"a\",\"v\":1}|JSON",
            })
    void givenABadPack_whenPassed_thenTheReasonIsStated(String pack, Reason reason) {
        Outcome outcome = pass(pack);

        assertThat(outcome.refusals()).extracting(Refusal::reason).contains(reason);
        assertThat(outcome.readings()).isEmpty();
    }

    @Test
    void givenRecordsOfTwoDevices_whenPassed_thenThoseOfTheSecondAreRefused() {
        Outcome outcome = pass("[{\"n\":\"urn:dev:ow:1:a\",\"v\":1},{\"n\":\"urn:dev:ow:2:a\",\"v\":2}]");

        assertThat(outcome.readings()).hasSize(1);
        assertThat(outcome.refusals())
                .extracting(Refusal::reason, Refusal::index)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Reason.IDENTITY_MISMATCH, 1));
    }

    @Test
    void givenOneBadRecord_whenPassed_thenTheOthersAreKept() {
        Outcome outcome = pass("[{\"n\":\"a\",\"v\":1},{\"n\":\"b\",\"v\":true},{\"n\":\"c\",\"v\":3}]");

        assertThat(outcome.readings().getFirst().samples()).hasSize(2);
        assertThat(outcome.refusals()).extracting(Refusal::index).containsExactly(1);
    }

    private static Sample number(String metric, double value, @org.jspecify.annotations.Nullable String unit) {
        return new Sample.Measurement(new MetricName(metric), value, unit);
    }

    private static Outcome pass(String pack) {
        return funnel().pass(declared(TOPIC, pack.getBytes(StandardCharsets.UTF_8), "application/senml+json"));
    }
}
