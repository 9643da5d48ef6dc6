package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.TOPIC;
import static dev.heliograph.ingest.funnel.FunnelFixture.declared;
import static dev.heliograph.ingest.funnel.FunnelFixture.funnel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CBOR by RFC 8949: the examples of its appendix A as values, what appendix F calls not well-formed, and what is beyond JSON. */
class CborTest {
    private static final String CBOR = "application/cbor";

    /** Appendix A, numbers: each as the payload on the topic of a metric. */
    @ParameterizedTest
    @CsvSource({
        "00, 0, false",
        "01, 1, false",
        "0a, 10, false",
        "17, 23, false",
        "1818, 24, false",
        "1903e8, 1000, false",
        "1a000f4240, 1000000, false",
        "1b000000e8d4a51000, 1000000000000, false",
        "1bffffffffffffffff, 18446744073709551615, true",
        "c249010000000000000000, 18446744073709551616, true",
        "3bffffffffffffffff, -18446744073709551616, true",
        "c349010000000000000000, -18446744073709551617, true",
        "20, -1, false",
        "29, -10, false",
        "3863, -100, false",
        "3903e7, -1000, false",
        "f90000, 0.0, false",
        "f98000, -0.0, false",
        "f93c00, 1.0, false",
        "fb3ff199999999999a, 1.1, false",
        "f93e00, 1.5, false",
        "f97bff, 65504.0, false",
        "fa47c35000, 100000.0, false",
        "fa7f7fffff, 3.4028234663852886e38, false",
        "fb7e37e43c8800759c, 1.0e300, false",
        "f90001, 5.960464477539063e-8, false",
        "f90400, 0.00006103515625, false",
        "f9c400, -4.0, false",
        "fbc010666666666666, -4.1, false",
        "c11a514b67b0, 1363896240, false",
        "d9d9f71818, 24, false",
        "1b0020000000000000, 9007199254740992, false",
        "1b0020000000000001, 9007199254740992, true",
        "c25f4101420000ff, 65536, false",
    })
    void givenANumberOfAppendixA_whenPassed_thenItsBitsAreThoseOfTheNearestDouble(
            String hex, String value, boolean inexact) {
        Reading reading = passMetric(hex).readings().getFirst();

        double decoded = ((Sample.Measurement) reading.samples().getFirst()).value();
        assertThat(Double.doubleToRawLongBits(decoded))
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(value)));
        assertThat(reading.flags().contains(ReadingFlag.PRECISION)).isEqualTo(inexact);
    }

    @ParameterizedTest
    @CsvSource({
        "60, ''",
        "6161, a",
        "6449455446, IETF",
        "62225c, '\"\\'",
        "62c3bc, ü",
        "63e6b0b4, 水",
        "64f0908591, 𐅑",
        "7f657374726561646d696e67ff, streaming"
    })
    void givenATextOfAppendixA_whenPassed_thenItIsAState(String hex, String text) {
        assertThat(passMetric(hex).readings().getFirst().samples())
                .singleElement()
                .extracting(sample -> ((Sample.State) sample).text())
                .isEqualTo(text);
    }

    /** Appendix F.1, and the same within what would be a reading. All are refused as CBOR, whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // End of input in a head
                "18",
                "19",
                "1a",
                "1b",
                "1901",
                "1a0102",
                "1b01020304050607",
                "38",
                "58",
                "78",
                "98",
                "9a01ff00",
                "b8",
                "d8",
                "f8",
                "f900",
                "fa0000",
                "fb000000",
                // Definite-length strings with short data
                "41",
                "61",
                "5affffffff00",
                "5bffffffffffffffff010203",
                "7affffffff00",
                "7b7fffffffffffffff010203",
                // Definite-length maps and arrays not closed with enough items
                "81",
                "818181818181818181",
                "8200",
                "a1",
                "a20102",
                "a100",
                "a2000000",
                // Tag number not followed by its content
                "c0",
                // Indefinite-length strings not closed by a break
                "5f4100",
                "7f6161",
                // Indefinite-length maps and arrays not closed by a break
                "9f",
                "9f0102",
                "bf",
                "bf01020102",
                "819f",
                "9f8000",
                "9f9f9f9f9fffffffff",
                "9f819f819f9fffffff",
                // Reserved additional information values
                "1c",
                "1d",
                "1e",
                "3c",
                "3d",
                "3e",
                "5c",
                "5d",
                "5e",
                "7c",
                "7d",
                "7e",
                "9c",
                "9d",
                "9e",
                "bc",
                "bd",
                "be",
                "dc",
                "dd",
                "de",
                "fc",
                "fd",
                "fe",
                // Reserved two-byte encodings of simple values
                "f800",
                "f801",
                "f818",
                "f81f",
                // Indefinite-length string chunks not of the correct type
                "5f00ff",
                "5f21ff",
                "5f6100ff",
                "5f80ff",
                "5fa0ff",
                "5fc000ff",
                "5fe0ff",
                "7f4100ff",
                // Indefinite-length string chunks not definite length
                "5f5f4100ffff",
                "7f7f6100ffff",
                // Break occurring on its own, or where it must not
                "ff",
                "81ff",
                "8200ff",
                "a1ff",
                "a1ff00",
                "a100ff",
                "a20000ff",
                "9f81ff",
                "9f829f819f9fffffffff",
                // Break in a map of indefinite length after a key
                "bf00ff",
                "bf000000ff",
                // Major type 0, 1 and 6 with indefinite length
                "1f",
                "3f",
                "df",
            })
    void givenBytesThatAreNotWellFormed_whenPassed_thenTheyAreRefusedWhole(String hex) {
        String inReading = "bf6174" + hex;
        String inArray = "82a1617401" + hex;

        assertThat(reasons(pass(hex))).isSubsetOf(Reason.CBOR);
        assertThat(reasons(pass(inReading))).isSubsetOf(Reason.CBOR);
        assertThat(reasons(pass(inArray))).isSubsetOf(Reason.CBOR);
        assertThat(pass(inArray).readings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // Trailing bytes
        "a161740100, CBOR",
        "a1617401a1617401, CBOR",
        // Keys that are no text
        "a10001, CBOR",
        "a1f501, CBOR",
        "a1416101, CBOR",
        "a1fb3ff199999999999a01, CBOR",
        "a1c0616101, CBOR",
        "a16174a10001, CBOR",
        // The same key twice, however it is encoded
        "a2617401617402, DUPLICATE_KEY",
        "a26174017f6174ff02, DUPLICATE_KEY",
        "a16174a2617801617802, DUPLICATE_KEY",
        // More tags than anything needs
        "a16174c6c6c6c6c601, CBOR",
        // Text that is no UTF-8
        "a1617461ff, ENCODING",
        "a1617462c0af, ENCODING",
        "a1617463eda080, ENCODING",
        "a161ff01, ENCODING",
        "a161746100, ENCODING",
        "a161747f61c361bcff, ENCODING",
        // Depth: seventeen arrays
        "a161748181818181818181818181818181818101, DEPTH",
        // No document of readings
        "80, SHAPE",
        "a0, SHAPE",
        "01, SHAPE",
        "f6, SHAPE",
        "6161, SHAPE",
        "8101, SHAPE",
        // Samples that are none; whole reading without others
        "a16174f6, TYPE",
        "a16174f7, TYPE",
        "a16174f0, TYPE",
        "a16174f8ff, TYPE",
        "a161744101, TYPE",
        "a161745f4101ff, TYPE",
        "a16174c48221196ab3, TYPE",
        // Not finite, signalling NaN and NaN with a payload included
        "a16174f97c00, NON_FINITE",
        "a16174f9fc00, NON_FINITE",
        "a16174f97e00, NON_FINITE",
        "a16174fa7f800000, NON_FINITE",
        "a16174fa7fc00001, NON_FINITE",
        "a16174fb7ff0000000000000, NON_FINITE",
        "a16174fb7ff8000000000001, NON_FINITE",
        "a16174fb7ff0000000000001, NON_FINITE",
        "a16174634e614e, NON_FINITE",
        // Times
        "a26274730061740 1, TS_RANGE",
        "a2627473c1006174 01, TS_RANGE",
        "a262747341006174 01, BAD_TS",
    })
    void givenCborThatIsNoReading_whenPassed_thenTheReasonIsStated(String hex, Reason reason) {
        assertThat(reasons(pass(hex.replace(" ", "")))).containsExactly(reason);
    }

    @Test
    void givenABignumBeyondAnyDouble_whenPassed_thenItIsNotFinite() {
        String largest = "c25880" + "ff".repeat(128);
        String beyond = "c25881" + "01" + "00".repeat(128);

        assertThat(reasons(passMetric(largest))).containsExactly(Reason.NON_FINITE);
        assertThat(reasons(passMetric(beyond))).containsExactly(Reason.NON_FINITE);
    }

    @Test
    void givenDeclaredLengthsBeyondWhatIsThere_whenPassed_thenNothingIsAllocatedForThem() {
        for (String hex :
                new String[] {"9b7fffffffffffffff", "bb7fffffffffffffff", "7b00000000ffffffff", "9affffffff"}) {
            byte[] payload = HexFormat.of().parseHex(hex);
            long before = allocated();

            Outcome outcome = funnel().pass(declared(TOPIC, payload, CBOR));

            assertThat(reasons(outcome)).containsExactly(Reason.CBOR);
            assertThat(allocated() - before).isLessThan(1_000_000);
        }
    }

    @Test
    void givenTheSameReadingInCbor_whenPassed_thenItIsThatOfTheJson() {
        String json = """
                {"ts":1790000000000,"seq":42,"location":{"lat":52.5,"lon":13.5,"alt":34},
                 "metrics":{"temperature":21.5,"running":true,"mode":"heating"}}""";
        String cbor = "a4" + "627473" + "1b000001a0c4506c00" + "63736571" + "182a" + "686c6f636174696f6e" + "a3"
                + "636c6174" + "f95290" + "636c6f6e" + "f94ac0" + "63616c74" + "1822" + "676d657472696373" + "bf"
                + "6b74656d7065726174757265" + "f94d60" + "6772756e6e696e67" + "f5" + "646d6f6465" + "6768656174696e67"
                + "ff";

        Outcome fromJson = FunnelFixture.pass(json);
        Outcome fromCbor = pass(cbor);

        assertThat(fromCbor).isEqualTo(fromJson);
        assertThat(fromCbor.isClean()).isTrue();
    }

    @Test
    void givenAnEpochTime_whenPassed_thenSecondsAreMeant() {
        // {"ts": 1(1790000000.5), "t": 1}
        Reading reading = pass("a2627473c1fb41daac4ee020000061740 1".replace(" ", ""))
                .readings()
                .getFirst();

        assertThat(reading.timeMicros()).isEqualTo(1_790_000_000_500_000L);
    }

    @Test
    void givenCborWithoutAContentType_whenPassed_thenItsFirstByteTells() {
        byte[] payload = HexFormat.of().parseHex("a1617401");
        byte[] marked = HexFormat.of().parseHex("d9d9f7a1617401");

        assertThat(funnel().pass(FunnelFixture.message(TOPIC, payload)).isClean())
                .isTrue();
        assertThat(funnel().pass(FunnelFixture.message(TOPIC, marked)).isClean())
                .isTrue();
    }

    private static Outcome pass(String hex) {
        return funnel().pass(declared(TOPIC, HexFormat.of().parseHex(hex), CBOR));
    }

    private static Outcome passMetric(String hex) {
        return funnel().pass(declared(TOPIC + "/t", HexFormat.of().parseHex(hex), CBOR));
    }

    private static java.util.Set<Reason> reasons(Outcome outcome) {
        return outcome.refusals().stream().map(Refusal::reason).collect(java.util.stream.Collectors.toSet());
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
