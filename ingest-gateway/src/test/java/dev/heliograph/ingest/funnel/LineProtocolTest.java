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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** InfluxDB line protocol. */
class LineProtocolTest {
    private static final String NANOS = "1790000000123456789";

    @Test
    void givenALineWithEveryKindOfField_whenPassed_thenEachIsASample() {
        Outcome outcome = pass(
                "weather,host=pi,room=attic temperature=21.5,count=42i,big=7u,raining=f,sky=\"clear, \\\"blue\\\"\" "
                        + NANOS);

        assertThat(outcome.isClean()).isTrue();
        Reading reading = outcome.readings().getFirst();
        assertThat(reading.timeMicros()).isEqualTo(1_790_000_000_123_456L);
        assertThat(reading.samples())
                .containsExactly(
                        new Sample.Measurement(new MetricName("weather.attic.temperature"), 21.5),
                        new Sample.Measurement(new MetricName("weather.attic.count"), 42),
                        new Sample.Measurement(new MetricName("weather.attic.big"), 7),
                        new Sample.Flag(new MetricName("weather.attic.raining"), false),
                        new Sample.State(new MetricName("weather.attic.sky"), "clear, \"blue\""));
    }

    @Test
    void givenAFieldNamedValueAndTagsInAnyOrder_whenPassed_thenTheNameIsTheSame() {
        Outcome outcome =
                pass("power,phase=a,line=L1 value=5 " + NANOS + "\npower,line=L1,phase=a value=6\r\n\n# comment\n");

        assertThat(outcome.isClean()).isTrue();
        assertThat(outcome.items()).isEqualTo(2);
        assertThat(outcome.readings())
                .allSatisfy(reading -> assertThat(
                                reading.samples().getFirst().metric().value())
                        .isEqualTo("power.L1.a"));
        assertThat(outcome.readings().getLast().timeMicros()).isEqualTo(NOW_MICROS);
        assertThat(outcome.readings().getLast().flags()).containsExactly(ReadingFlag.TS_SERVER);
    }

    @ParameterizedTest
    @CsvSource({
        "ns, 1790000000123456789, 1790000000123456",
        "us, 1790000000123456, 1790000000123456",
        "ms, 1790000000123, 1790000000123000",
        "s, 1790000000, 1790000000000000",
    })
    void givenAPrecision_whenPassed_thenTheTimeIsCountedInIt(String precision, String time, long micros) {
        Outcome outcome = funnel().pass(declared(
                TOPIC, ("m v=1 " + time).getBytes(StandardCharsets.UTF_8), "text/plain; precision=" + precision));

        assertThat(outcome.readings()).extracting(Reading::timeMicros).containsExactly(micros);
    }

    @Test
    void givenEscapes_whenPassed_thenTheyAreTakenOff() {
        Outcome outcome = pass("we\\ ather,a\\,b=c v=1\nm,ro\\=om=a.b v\\,x=1\nok v=\"back\\\\slash\"");

        assertThat(outcome.refusals())
                .extracting(Refusal::reason)
                .containsExactly(Reason.METRIC_NAME, Reason.METRIC_NAME);
        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(new Sample.State(new MetricName("ok.v"), "back\\slash"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "m|LINE",
                "m |LINE",
                "m v|LINE",
                "m v=|LINE",
                "m =1|LINE",
                ",a=b v=1|LINE",
                "m,a v=1|LINE",
                "m,a= v=1|LINE",
                "m v=1,|LINE",
                "m v=one|LINE",
                "m v=1x|LINE",
                "m v=0x10|LINE",
                "m v=1.5i|LINE",
                "m v=-1u|LINE",
                "m v=1d|LINE",
                "m v=.|LINE",
                "m v=1e|LINE",
                "m v=\"open|LINE",
                "m v=1 2026-09-21T14:13:20Z|BAD_TS",
                "m v=1 1790000000000000000 2|BAD_TS",
                "m v=1 1790000000123|TS_RANGE",
                "m v=1 0|TS_RANGE",
                "m v=1 99999999999999999999999|TS_RANGE",
                "m v=1 1790000301000000000|FUTURE_TS",
                "m v=1 1780000000000000000|TOO_OLD",
                "m v=NaN|NON_FINITE",
                "m v=-Inf|NON_FINITE",
                "m v=1e999|NON_FINITE",
                "m v=\"nan\"|NON_FINITE",
                "1m v=1|METRIC_NAME",
                "m,room=a/b v=1|METRIC_NAME",
                "m,a=b,a=c v=1|DUPLICATE_KEY",
                "m,tenant=other v=1|IDENTITY_MISMATCH",
                "m,device=boiler-8 v=1|IDENTITY_MISMATCH",
                "# only a comment|SHAPE",
                "{\"v\":1}|TYPE_MISMATCH",
            })
    void givenABadLine_whenPassed_thenTheReasonIsStatedAndTheLinesBesideItAreKept(String line, Reason reason) {
        Outcome alone = pass(line);

        assertThat(alone.refusals()).extracting(Refusal::reason).containsExactly(reason);
        assertThat(alone.readings()).isEmpty();
        if (reason != Reason.SHAPE && reason != Reason.TYPE_MISMATCH && !line.contains("\"open")) {
            Outcome beside = pass("good v=1\n" + line + "\ngood v=2");
            assertThat(beside.readings()).hasSize(2);
            assertThat(beside.refusals()).extracting(Refusal::index).containsExactly(1);
        }
    }

    @Test
    void givenAFieldTwice_whenPassed_thenTheFirstIsKept() {
        Outcome outcome = pass("m v=1,v=2");

        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(new Sample.Measurement(new MetricName("m.v"), 1));
        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.DUPLICATE_KEY);
    }

    @Test
    void givenIntegersBeyondDoubles_whenPassed_thenTheyAreFlagged() {
        assertThat(pass("m v=9007199254740993i").readings().getFirst().flags()).contains(ReadingFlag.PRECISION);
        assertThat(pass("m v=18446744073709551615u").readings().getFirst().flags())
                .contains(ReadingFlag.PRECISION);
        assertThat(pass("m v=9007199254740992i").readings().getFirst().flags()).doesNotContain(ReadingFlag.PRECISION);
    }

    @Test
    void givenMoreLinesThanAMessageMayHave_whenPassed_thenItIsRefusedWhole() {
        String lines = IntStream.range(0, 501).mapToObj(i -> "m v=" + i).collect(Collectors.joining("\n"));

        Outcome outcome = pass(lines);

        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_MANY);
        assertThat(outcome.readings()).isEmpty();
    }

    @Test
    void givenPlainTextOnTheTopicOfAMetric_whenPassed_thenItIsTheBareValue() {
        Outcome outcome =
                funnel().pass(declared(TOPIC + "/temperature", "21.5".getBytes(StandardCharsets.UTF_8), "text/plain"));

        assertThat(outcome.readings().getFirst().samples())
                .containsExactly(new Sample.Measurement(new MetricName("temperature"), 21.5));
    }

    private static Outcome pass(String lines) {
        return funnel().pass(declared(TOPIC, lines.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8"));
    }
}
