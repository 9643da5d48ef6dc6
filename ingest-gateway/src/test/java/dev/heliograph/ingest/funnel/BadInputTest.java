package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.DEVICE;
import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.intake.MetricBudget;
import dev.heliograph.ingest.intake.Sequences;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue of bad input, entries D14 to D47 (D43, Sparkplug, has its own package): each row is one input and its one
 * answer, by the number of its entry. What the store decides (D38, D39, D41) is shown up to the door: the readings leave
 * it as they came, in order, with what the decision needs.
 */
class BadInputTest {
    private static final int LAST_ENTRY = 47;
    private static final int SPARKPLUG = 43;
    private static final MetricName T = new MetricName("t");

    /**
     * One row.
     *
     * @param entry number in the catalogue
     * @param what in words
     * @param messages handed in one after the other
     * @param check of the outcomes together
     */
    record Row(int entry, String what, List<RawMessage> messages, Consumer<List<Outcome>> check) {
        @Override
        public String toString() {
            return "D" + entry + " " + what;
        }
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        shapesAndEncodings(rows);
        numbersAndTypes(rows);
        namesAndSizes(rows);
        times(rows);
        sequencesAndIdentities(rows);
        formats(rows);
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void givenAnInputOfTheCatalogue_whenPassed_thenItsAnswerIsTheStatedOne(Row row) {
        Funnel funnel = funnel();

        List<Outcome> outcomes = row.messages().stream().map(funnel::pass).toList();

        row.check().accept(outcomes);
    }

    @Test
    void givenTheCatalogue_whenCounted_thenNoEntryIsLeftOut() {
        Set<Integer> tested = rows().map(Row::entry).collect(Collectors.toCollection(HashSet::new));

        assertThat(tested)
                .containsAll(IntStream.rangeClosed(14, LAST_ENTRY)
                        .filter(entry -> entry != SPARKPLUG)
                        .boxed()
                        .toList());
    }

    private static void shapesAndEncodings(List<Row> rows) {
        rows.add(refused(14, "empty payload", Reason.EMPTY, ""));
        for (String document : List.of("null", "true", "42", "\"x\"", "[]", "{}")) {
            rows.add(refused(15, document, Reason.SHAPE, document));
        }
        rows.add(refused(16, "truncated", Reason.JSON, "{\"t\":1"));
        rows.add(refused(16, "trailing garbage", Reason.JSON, "{\"t\":1}x"));
        rows.add(refused(16, "two documents", Reason.JSON, "{\"t\":1}{\"t\":2}"));
        rows.add(refused(16, "single quotes", Reason.JSON, "{'t':1}"));
        rows.add(refused(16, "comments", Reason.JSON, "{\"t\":1/*c*/}"));
        rows.add(refused(16, "trailing comma", Reason.JSON, "{\"t\":1,}"));
        rows.add(refused(17, "byte order mark UTF-8", Reason.ENCODING, hex("efbbbf7b2274223a317d")));
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE")) {
            rows.add(refused(17, charset, Reason.ENCODING, "{\"t\":1}".getBytes(Charset.forName(charset))));
        }
        rows.add(refused(17, "byte order mark UTF-16 LE", Reason.ENCODING, hex("fffe7b002200")));
        rows.add(refused(18, "overlong", Reason.ENCODING, hex("7b2273223a22c0af227d")));
        rows.add(refused(18, "surrogate in UTF-8", Reason.ENCODING, hex("7b2273223a22eda080227d")));
        rows.add(refused(18, "lone surrogate by escape", Reason.ENCODING, "{\"s\":\"\\ud800\"}"));
        rows.add(refused(18, "NUL by escape", Reason.ENCODING, "{\"s\":\"a\\u0000b\"}"));
        rows.add(refused(18, "NUL", Reason.ENCODING, "{\"s\":\"a\0b\"}"));
        rows.add(refused(19, "arrays 100,000 deep", Reason.DEPTH, "[".repeat(100_000)));
        rows.add(refused(19, "objects 40,000 deep", Reason.DEPTH, "{\"a\":".repeat(40_000)));
        rows.add(refused(
                19, "one deeper than the cap", Reason.DEPTH, "{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}"));
        rows.add(refused(19, "as deep as the cap", Reason.TYPE, "{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}"));
        rows.add(refused(27, "gzip", Reason.ENCODING, hex("1f8b0800000000000000")));
        rows.add(refused(27, "zstd", Reason.ENCODING, hex("28b52ffd")));
        rows.add(refused(27, "zip", Reason.ENCODING, hex("504b030400")));
    }

    private static void numbersAndTypes(List<Row> rows) {
        rows.add(refused(20, "200,000 digits", Reason.TOO_MANY, "{\"t\":" + "9".repeat(200_000) + "}"));
        rows.add(refused(20, "1,000,000 digits", Reason.TOO_LARGE, "{\"t\":" + "9".repeat(1_000_000) + "}"));
        for (String number : List.of("1e999", "-1e999", "0.1e1000000000")) {
            rows.add(refused(20, number, Reason.NON_FINITE, "{\"t\":" + number + "}"));
        }
        rows.add(value(20, "1e-999", 0.0, false));
        for (String number : List.of("NaN", "Infinity", "-Infinity", "\"NaN\"", "\"Infinity\"", "\"-Infinity\"")) {
            rows.add(refused(21, number, Reason.NON_FINITE, "{\"t\":" + number + "}"));
        }
        rows.add(value(22, "-0", -0.0, false));
        rows.add(value(22, "5e-324", 5e-324, false));
        rows.add(value(22, "1.7976931348623157e308", 1.7976931348623157e308, false));
        rows.add(value(22, "9007199254740993", 9007199254740992.0, true));
        rows.add(value(22, "9223372036854775808", 9223372036854775808.0, true));
        // A text is declared to be a state by being a text, a boolean to be a boolean by being one.
        rows.add(accepted(23, "text", "{\"t\":\"21.5\"}", new Sample.State(T, "21.5")));
        rows.add(accepted(23, "boolean", "{\"t\":true}", new Sample.Flag(T, true)));
        for (String value : List.of("null", "{}", "{\"x\":1}", "[]", "[1]")) {
            rows.add(refused(23, value, Reason.TYPE, "{\"t\":" + value + "}"));
        }
        rows.add(new Row(23, "null beside a good one", List.of(json("{\"t\":null,\"u\":1}")), outcomes -> {
            assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.TYPE);
            assertThat(outcomes.getFirst().readings().getFirst().samples()).hasSize(1);
        }));
        rows.add(refused(24, "in a reading", Reason.DUPLICATE_KEY, "{\"temp\":1,\"temp\":2}"));
        rows.add(refused(24, "deeper", Reason.DUPLICATE_KEY, "{\"metrics\":{\"temp\":1,\"temp\":1}}"));
        rows.add(refused(24, "by escape", Reason.DUPLICATE_KEY, "{\"\\u0074\":1,\"t\":2}"));
    }

    private static void namesAndSizes(List<Row> rows) {
        rows.add(refused(25, "10,000 metrics", Reason.TOO_MANY, metrics(10_000)));
        rows.add(refused(25, "one metric more than the cap", Reason.TOO_MANY, metrics(501)));
        rows.add(refused(25, "1,000,000 keys", Reason.TOO_LARGE, metrics(1_000_000)));
        rows.add(refused(25, "20,000 keys of one hash", Reason.TOO_MANY, collidingKeys(20_000)));
        rows.add(refused(26, "text of 200 KB", Reason.TOO_MANY, "{\"s\":\"" + "x".repeat(200_000) + "\"}"));
        rows.add(refused(26, "text of 20 MB", Reason.TOO_LARGE, "{\"s\":\"" + "x".repeat(20_000_000) + "\"}"));
        rows.add(refused(26, "text of 65", Reason.TEXT_LENGTH, "{\"s\":\"" + "x".repeat(65) + "\"}"));
        rows.add(refused(26, "key of 50 KB", Reason.TOO_MANY, "{\"" + "x".repeat(50_000) + "\":1}"));
        rows.add(refused(26, "key of 65", Reason.METRIC_NAME, "{\"" + "x".repeat(65) + "\":1}"));
        for (String name :
                List.of("", "__proto__", "a\\\"b", "a{b=\\\"c\\\"}", "a\\nb", "\uD83D\uDE00", "../x", "1a")) {
            rows.add(refused(28, name, Reason.METRIC_NAME, "{\"" + name + "\":1}"));
        }
        rows.add(refused(28, "1 KB", Reason.TOO_MANY, "{\"" + "n".repeat(1_024) + "\":1}"));
        // Within the grammar, and so only names.
        rows.add(accepted(28, "a.b", "{\"a.b\":1}", number("a.b", 1)));
        rows.add(accepted(28, "constructor", "{\"constructor\":1}", number("constructor", 1)));
        for (String text : List.of("'; DROP TABLE readings;--", "$(id)", "{{7*7}}", "${jndi:ldap://x}", "<script>")) {
            rows.add(accepted(29, text + " as a state", "{\"t\":\"" + text + "\"}", new Sample.State(T, text)));
            rows.add(refused(29, text + " as a name", Reason.METRIC_NAME, "{\"" + text + "\":1}"));
            rows.add(new Row(
                    29,
                    text + " as an id",
                    List.of(message("iot/v1/demo/" + text + "/telemetry", "{\"t\":1}", null)),
                    outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.TOPIC)));
        }
        rows.add(new Row(
                30, "CR LF and ANSI in a name", List.of(json("{\"a\\r\\n\\u001b[31mFATAL\\u202e\":1}")), outcomes -> {
                    Refusal refusal = outcomes.getFirst().refusals().getFirst();
                    assertThat(refusal.reason()).isEqualTo(Reason.METRIC_NAME);
                    assertThat(refusal.describe()).doesNotContain("\r", "\n", "\u001b", "\u202e");
                }));
    }

    private static void times(List<Row> rows) {
        rows.add(new Row(31, "no ts", List.of(json("{\"t\":1}")), outcomes -> {
            Reading reading = outcomes.getFirst().readings().getFirst();
            assertThat(reading.timeMicros()).isEqualTo(NOW_MICROS);
            assertThat(reading.flags()).containsExactly(ReadingFlag.TS_SERVER);
        }));
        for (String ts : List.of("1790000000", "1790000000000000", "1790000000000000000")) {
            rows.add(refused(32, ts, Reason.TS_RANGE, "{\"ts\":" + ts + ",\"t\":1}"));
        }
        for (String ts : List.of(
                "0",
                "-1790000000000",
                "\"1970-01-01T00:00:00Z\"",
                "\"9999-12-31T23:59:59Z\"",
                "9223372036854775807",
                "-9223372036854775808")) {
            rows.add(refused(33, ts, Reason.TS_RANGE, "{\"ts\":" + ts + ",\"t\":1}"));
        }
        rows.add(refused(34, "6 minutes ahead", Reason.FUTURE_TS, "{\"ts\":1790000360000,\"t\":1}"));
        rows.add(refused(34, "10 years ahead", Reason.FUTURE_TS, "{\"ts\":2105000000000,\"t\":1}"));
        rows.add(refused(35, "31 days old", Reason.TOO_OLD, "{\"ts\":1787321600000,\"t\":1}"));
        for (String ts : List.of(
                "\"1790000000000\"",
                "\"2026-09-21T14:13:20\"",
                "\"2026-09-21T14:13:20+0200\"",
                "\"2026-09-21T14:13:20+25:00\"",
                "\"2026-09-21T14:13:20[Europe/Berlin]\"",
                "\"2026-02-30T14:13:20Z\"",
                "\"2026-06-30T23:59:60Z\"",
                "\"yesterday\"",
                "null")) {
            rows.add(refused(36, ts, Reason.BAD_TS, "{\"ts\":" + ts + ",\"t\":1}"));
        }
        rows.add(new Row(
                36,
                "local time that the clocks leave out",
                List.of(at(
                        "tele/boiler-7/SENSOR",
                        "{\"Time\":\"2026-03-29T02:30:00\",\"A\":{\"T\":1}}",
                        // 2026-03-29T01:10Z
                        1_774_746_600_000_000L)),
                outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.BAD_TS)));
        rows.add(new Row(
                36,
                "local time that occurs twice",
                List.of(at(
                        "tele/boiler-7/SENSOR",
                        "{\"Time\":\"2026-10-25T02:30:00\",\"A\":{\"T\":1}}",
                        // 2026-10-25T01:30:01Z, the second of the two
                        1_792_891_801_000_000L)),
                outcomes -> {
                    Reading reading = outcomes.getFirst().readings().getFirst();
                    assertThat(reading.timeMicros()).isEqualTo(1_792_891_800_000_000L);
                    assertThat(reading.flags()).containsExactly(ReadingFlag.TS_AMBIGUOUS);
                }));
    }

    private static void sequencesAndIdentities(List<Row> rows) {
        for (String seq : List.of("-1", "1.5", "\"1\"", "9223372036854775808", "null")) {
            rows.add(refused(37, "seq " + seq, Reason.BAD_SEQ, "{\"seq\":" + seq + ",\"t\":1}"));
        }
        rows.add(flags(37, "missing", Set.of(), "{\"t\":1}", "{\"t\":1}"));
        rows.add(flags(37, "in order", Set.of(), "{\"seq\":7,\"t\":1}", "{\"seq\":8,\"t\":1}"));
        rows.add(flags(
                37, "counted anew", Set.of(), "{\"seq\":700,\"t\":1}", "{\"seq\":0,\"t\":1}", "{\"seq\":1,\"t\":1}"));
        rows.add(flags(37, "jump", Set.of(ReadingFlag.SEQ_GAP), "{\"seq\":7,\"t\":1}", "{\"seq\":1000007,\"t\":1}"));
        rows.add(flags(37, "repeated", Set.of(), "{\"seq\":7,\"t\":1}", "{\"seq\":7,\"t\":1}", "{\"seq\":8,\"t\":1}"));
        String same = "{\"ts\":1790000000000,\"t\":1}";
        rows.add(new Row(
                38,
                "same value",
                List.of(json(same), json(same)),
                outcomes -> assertThat(outcomes.getFirst().readings())
                        .isEqualTo(outcomes.getLast().readings())));
        rows.add(new Row(
                39,
                "other value",
                List.of(json(same), json("{\"ts\":1790000000000,\"t\":2}")),
                outcomes -> assertThat(outcomes.stream().flatMap(outcome -> outcome.readings().stream()))
                        .extracting(Reading::timeMicros)
                        .containsExactly(NOW_MICROS, NOW_MICROS)));
        rows.add(new Row(
                40, "1,000 in one millisecond", List.of(sameMillisecond(0), sameMillisecond(500)), outcomes -> {
                    assertThat(outcomes).allMatch(Outcome::isClean);
                    assertThat(outcomes.stream().flatMap(outcome -> outcome.readings().stream()))
                            .extracting(Reading::sequence)
                            .isEqualTo(LongStream.range(0, 1_000).boxed().toList());
                }));
        rows.add(new Row(
                41,
                "out of order by hours",
                List.of(json("{\"ts\":1790000000000,\"t\":1}"), json("{\"ts\":1789985600000,\"t\":1}")),
                outcomes -> assertThat(outcomes).allMatch(Outcome::isClean)));
        rows.add(new Row(
                46,
                "unknown device",
                List.of(message("iot/v1/demo/stranger/telemetry", "{\"t\":1}", null)),
                outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.UNKNOWN_DEVICE)));
        rows.add(new Row(
                46,
                "moved to another tenant while queued at a broker: the tenant stamped at authentication counts",
                List.of(message("iot/v1/other/boiler-7/telemetry", "{\"t\":1}", DEVICE)),
                outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.IDENTITY_MISMATCH)));
        for (String claim : List.of("tenant", "tenant_id", "tenantId", "device", "device_id", "deviceId")) {
            rows.add(refused(47, claim, Reason.IDENTITY_MISMATCH, "{\"" + claim + "\":\"other\",\"t\":1}"));
        }
        rows.add(accepted(47, "a true claim", "{\"tenant\":\"demo\",\"device\":\"boiler-7\",\"t\":1}", number("t", 1)));
        rows.add(typed(47, "in CBOR", Reason.IDENTITY_MISMATCH, "application/cbor", hex("a2666465766963656178617401")));
        rows.add(typed(
                47,
                "as a tag",
                Reason.IDENTITY_MISMATCH,
                "text/plain",
                "m,device=other v=1".getBytes(StandardCharsets.UTF_8)));
        rows.add(typed(
                47,
                "as a name of SenML",
                Reason.IDENTITY_MISMATCH,
                "application/senml+json",
                "[{\"n\":\"other:t\",\"v\":1}]".getBytes(StandardCharsets.UTF_8)));
        rows.add(new Row(
                47,
                "readings of a device for which this one is no gateway",
                List.of(message("v1/gateway/telemetry", "{\"stranger\":[{\"t\":1}],\"boiler-7\":[{\"t\":1}]}", DEVICE)),
                outcomes -> {
                    assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.IDENTITY_MISMATCH);
                    assertThat(outcomes.getFirst().readings())
                            .extracting(Reading::device)
                            .containsExactly(DEVICE);
                }));
    }

    private static void formats(List<Row> rows) {
        // The whole of RFC 8949, appendix F: CborTest.
        for (String bad : List.of(
                "a1617418",
                "bf617401",
                "bb7fffffffffffffff",
                "a1617401ff",
                "a10001",
                "a161741c",
                "a16174f801",
                "a161740100")) {
            rows.add(typed(42, bad, Reason.CBOR, "application/cbor", hex(bad)));
        }
        rows.add(typed(
                42, "tags without end", Reason.CBOR, "application/cbor", hex("a16174" + "c6".repeat(100_000) + "01")));
        rows.add(typed(42, "depth 100,000", Reason.DEPTH, "application/cbor", hex("81".repeat(100_000))));
        rows.add(typed(42, "key twice", Reason.DUPLICATE_KEY, "application/cbor", hex("a2617401617402")));
        rows.add(typed(
                42, "NaN with a payload", Reason.NON_FINITE, "application/cbor", hex("a16174fb7ff8000000000001")));
        rows.add(typed(
                42,
                "bignum beyond doubles",
                Reason.NON_FINITE,
                "application/cbor",
                hex("a16174c259010001" + "00".repeat(255))));
        rows.add(new Row(
                42,
                "half float",
                List.of(cbor("a16174f93e00")),
                outcomes -> assertThat(outcomes.getFirst().readings().getFirst().samples())
                        .containsExactly(number("t", 1.5))));
        byte[] json = "{\"t\":1}".getBytes(StandardCharsets.UTF_8);
        rows.add(typed(44, "JSON declared, CBOR sent", Reason.TYPE_MISMATCH, "application/json", hex("a1617401")));
        rows.add(typed(44, "CBOR declared, JSON sent", Reason.TYPE_MISMATCH, "application/cbor", json));
        rows.add(typed(44, "text declared, JSON sent", Reason.TYPE_MISMATCH, "text/plain", json));
        rows.add(typed(44, "unknown type", Reason.CONTENT_TYPE, "application/xml", json));
        rows.add(new Row(
                44,
                "format indicator says text, CBOR sent",
                List.of(new RawMessage(
                        TOPIC, hex("a1617401"), DEVICE, null, true, 0, NOW_MICROS, Transport.MQTT, IntakeMode.LIVE, 1)),
                outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.TYPE_MISMATCH)));
        rows.add(new Row(
                44,
                "the mapping says JSON of another, line protocol declared",
                List.of(new RawMessage(
                        "v1/devices/me/telemetry", json, DEVICE, "text/plain", 0, NOW_MICROS, Transport.MQTT)),
                outcomes -> assertThat(reasons(outcomes.getFirst())).containsExactly(Reason.TYPE_MISMATCH)));
        rows.add(flags(45, "number to text", Set.of(ReadingFlag.SCHEMA_CHANGED), "{\"t\":1}", "{\"t\":\"warm\"}"));
        rows.add(flags(45, "number to boolean", Set.of(ReadingFlag.SCHEMA_CHANGED), "{\"t\":1}", "{\"t\":true}"));
        rows.add(flags(45, "as it was", Set.of(), "{\"t\":1}", "{\"t\":2}"));
        rows.add(new Row(45, "Celsius to Fahrenheit", List.of(senml("Cel"), senml("degF")), outcomes -> {
            assertThat(outcomes).allMatch(Outcome::isClean);
            assertThat(outcomes.getLast().readings().getFirst().flags()).contains(ReadingFlag.SCHEMA_CHANGED);
        }));
    }

    private static Row refused(int entry, String what, Reason reason, String payload) {
        return refused(entry, what, reason, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static Row refused(int entry, String what, Reason reason, byte[] payload) {
        RawMessage message = new RawMessage(TOPIC, payload, DEVICE, null, 0, NOW_MICROS, Transport.MQTT);
        return new Row(entry, shortened(what), List.of(message), outcomes -> assertRefused(outcomes, reason));
    }

    private static Row typed(int entry, String what, Reason reason, String contentType, byte[] payload) {
        RawMessage message = new RawMessage(TOPIC, payload, DEVICE, contentType, 0, NOW_MICROS, Transport.MQTT);
        return new Row(entry, what, List.of(message), outcomes -> assertRefused(outcomes, reason));
    }

    private static void assertRefused(List<Outcome> outcomes, Reason reason) {
        assertThat(reasons(outcomes.getFirst())).containsExactly(reason);
        assertThat(outcomes.getFirst().readings()).isEmpty();
    }

    private static Row accepted(int entry, String what, String payload, Sample sample) {
        return new Row(entry, what, List.of(json(payload)), outcomes -> {
            assertThat(outcomes.getFirst().refusals()).isEmpty();
            assertThat(outcomes.getFirst().readings().getFirst().samples()).containsExactly(sample);
        });
    }

    private static Row value(int entry, String number, double value, boolean inexact) {
        return new Row(entry, number, List.of(json("{\"t\":" + number + "}")), outcomes -> {
            Reading reading = outcomes.getFirst().readings().getFirst();
            double stored = ((Sample.Measurement) reading.samples().getFirst()).value();
            assertThat(Double.doubleToRawLongBits(stored)).isEqualTo(Double.doubleToRawLongBits(value));
            assertThat(reading.flags().contains(ReadingFlag.PRECISION)).isEqualTo(inexact);
        });
    }

    /** All messages are accepted, and the last has these flags besides that of the missing time. */
    private static Row flags(int entry, String what, Set<ReadingFlag> flags, String... payloads) {
        return new Row(
                entry, what, Arrays.stream(payloads).map(BadInputTest::json).toList(), outcomes -> {
                    assertThat(outcomes).allMatch(Outcome::isClean);
                    Set<ReadingFlag> found = EnumSet.noneOf(ReadingFlag.class);
                    found.addAll(outcomes.getLast().readings().getFirst().flags());
                    found.remove(ReadingFlag.TS_SERVER);
                    assertThat(found).isEqualTo(flags);
                });
    }

    private static RawMessage json(String payload) {
        return message(TOPIC, payload, DEVICE);
    }

    private static RawMessage senml(String unit) {
        String pack = "[{\"n\":\"t\",\"u\":\"" + unit + "\",\"v\":1}]";
        return FunnelFixture.declared(TOPIC, pack.getBytes(StandardCharsets.UTF_8), "application/senml+json");
    }

    private static RawMessage cbor(String payload) {
        return FunnelFixture.declared(TOPIC, hex(payload), "application/cbor");
    }

    private static RawMessage message(String topic, String payload, @Nullable DeviceKey principal) {
        return new RawMessage(
                topic, payload.getBytes(StandardCharsets.UTF_8), principal, null, 0, NOW_MICROS, Transport.MQTT);
    }

    private static RawMessage at(String topic, String payload, long receivedMicros) {
        return new RawMessage(
                topic, payload.getBytes(StandardCharsets.UTF_8), DEVICE, null, 0, receivedMicros, Transport.MQTT);
    }

    private static RawMessage sameMillisecond(int from) {
        return json(IntStream.range(from, from + 500)
                .mapToObj(seq -> "{\"ts\":1790000000000,\"seq\":" + seq + ",\"t\":" + seq + "}")
                .collect(Collectors.joining(",", "[", "]")));
    }

    private static String metrics(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"m" + i + "\":1")
                .collect(Collectors.joining(",", "{\"metrics\":{", "}}"));
    }

    /** Names of one hash code: "Aa" and "BB" have the same. */
    private static String collidingKeys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    StringBuilder name = new StringBuilder();
                    for (int bit = 0; bit < 15; bit++) {
                        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                    }
                    return "\"" + name + "\":1";
                })
                .limit(7_000)
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static List<Reason> reasons(Outcome outcome) {
        return outcome.refusals().stream().map(Refusal::reason).distinct().toList();
    }

    private static Sample number(String name, double value) {
        return new Sample.Measurement(new MetricName(name), value);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) : text;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** With the memory of the gateway, and a table of two devices. */
    private static Funnel funnel() {
        MetricBudget metrics = new MetricBudget(10_000, 100_000);
        Sequences sequences = new Sequences();
        Admission admission = new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return !device.device().value().equals("stranger");
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return metrics.admits(device, sample);
            }

            @Override
            public boolean isGap(DeviceKey device, long strand, long sequence) {
                return sequences.isGap(device, strand, sequence);
            }
        };
        return new Funnel(FunnelLimits.DEFAULTS, FunnelFixture.everyLayout(), admission);
    }
}
