package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.sparkplug.DataType.Converted;
import dev.heliograph.ingest.sparkplug.Payload.Value;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataTypeTest {
    private static final MetricName METRIC = new MetricName("m");
    private static final long SEED = 20_261_125;
    private static final int CASES = 20_000;

    @ParameterizedTest(name = "type {0}, 32 bits {1}: {2}")
    @CsvSource({
        "1, 127, 127",
        "1, -128, -128",
        "1, 255, -1",
        "1, 128, -128",
        "1, -1, -1",
        "1, 256, ",
        "1, -129, ",
        "2, 32767, 32767",
        "2, 65535, -1",
        "2, 65536, ",
        "2, -32769, ",
        "3, -1, -1",
        "3, 2147483647, 2147483647",
        "4, -1, -1",
        "5, 255, 255",
        "5, 256, ",
        "5, -1, ",
        "6, 65535, 65535",
        "6, 65536, ",
        "7, -1, 4294967295",
        "8, -1, 4294967295",
    })
    void given32Bits_whenConverted_thenTheTypeSaysWhatTheyMean(int type, int bits, Double expected) {
        Converted converted = DataType.convert(METRIC, type, new Value.Int32(bits), null);

        check(converted, expected);
    }

    @ParameterizedTest(name = "type {0}, 64 bits {1}: {2}")
    @CsvSource({
        "1, 255, -1",
        "1, 4294967295, ",
        "3, 4294967295, -1",
        "3, -2147483648, -2147483648",
        "3, 4294967296, ",
        "4, -9223372036854775808, -9223372036854775808",
        "7, 4294967295, 4294967295",
        "7, 4294967296, ",
        "7, -1, ",
        "8, -1, 18446744073709551615",
        "13, 1780000000000, 1780000000000",
    })
    void given64Bits_whenConverted_thenTheTypeSaysWhatTheyMean(int type, long bits, Double expected) {
        Converted converted = DataType.convert(METRIC, type, new Value.Int64(bits), null);

        check(converted, expected);
    }

    private static void check(Converted converted, Double expected) {
        if (expected == null) {
            assertThat(converted)
                    .isInstanceOfSatisfying(
                            Converted.Bad.class, bad -> assertThat(bad.reason()).isEqualTo(Reason.SPARKPLUG));
        } else {
            assertThat(converted)
                    .isInstanceOfSatisfying(
                            Converted.Good.class,
                            good -> assertThat(good.sample()).isEqualTo(new Sample.Measurement(METRIC, expected)));
        }
    }

    @Test
    void givenRandomIntegers_whenConverted_thenTheyAreWhatExactArithmeticSays() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            int type = 1 + random.nextInt(8);
            long raw = random.nextLong() >> random.nextInt(Long.SIZE);
            boolean isWide = random.nextBoolean();
            BigInteger field = isWide
                    ? new BigInteger(Long.toUnsignedString(raw))
                    : BigInteger.valueOf(Integer.toUnsignedLong((int) raw));

            Converted converted =
                    DataType.convert(METRIC, type, isWide ? new Value.Int64(raw) : new Value.Int32((int) raw), null);

            BigInteger expected = exact(type, field, isWide ? Long.SIZE : Integer.SIZE);
            if (expected == null) {
                assertThat(converted).as("type %d, field %s", type, field).isInstanceOf(Converted.Bad.class);
            } else {
                assertThat(converted)
                        .as("type %d, field %s", type, field)
                        .isEqualTo(new Converted.Good(
                                new Sample.Measurement(METRIC, expected.doubleValue()),
                                expected.abs().compareTo(BigInteger.ONE.shiftLeft(53)) <= 0));
            }
        }
    }

    /** The number of an unsigned field, as its type reads it; null for none. */
    private static BigInteger exact(int type, BigInteger field, int fieldBits) {
        int bits = type > 4 ? 8 << type - 5 : Math.min(fieldBits, 8 << type - 1);
        BigInteger range = BigInteger.ONE.shiftLeft(bits);
        if (type > 4) {
            return field.compareTo(range) < 0 ? field : null;
        }
        BigInteger half = range.shiftRight(1);
        if (field.compareTo(range) < 0) {
            return field.compareTo(half) < 0 ? field : field.subtract(range);
        }
        BigInteger extended = field.subtract(BigInteger.ONE.shiftLeft(fieldBits));
        return extended.compareTo(half.negate()) >= 0 && extended.signum() < 0 ? extended : null;
    }

    @Test
    void givenOtherKinds_whenConverted_thenTheyAreSamplesOrHaveAReason() {
        assertThat(DataType.convert(METRIC, 9, new Value.Real(0.1f), "°C"))
                .isEqualTo(new Converted.Good(new Sample.Measurement(METRIC, 0.1f, "°C"), true));
        assertThat(DataType.convert(METRIC, 10, new Value.Real(-0.0), "\n"))
                .as("a unit that cannot be kept")
                .isEqualTo(new Converted.Good(new Sample.Measurement(METRIC, -0.0), true));
        assertThat(DataType.convert(METRIC, 11, new Value.Bool(true), null))
                .isEqualTo(new Converted.Good(new Sample.Flag(METRIC, true), true));
        assertThat(DataType.convert(METRIC, 12, new Value.Text("x".repeat(64)), null))
                .isEqualTo(new Converted.Good(new Sample.State(METRIC, "x".repeat(64)), true));
        assertThat(DataType.convert(METRIC, 15, new Value.Text("x".repeat(65)), null))
                .isEqualTo(new Converted.Bad(Reason.TEXT_LENGTH, "65 characters, at most 64"));
        assertThat(DataType.convert(METRIC, 14, new Value.Text("a\0"), null))
                .isEqualTo(new Converted.Bad(Reason.ENCODING, "NUL"));
        assertThat(DataType.convert(METRIC, 10, new Value.Real(Double.NaN), null))
                .isEqualTo(new Converted.Bad(Reason.NON_FINITE, "not a finite number"));
        assertThat(DataType.convert(METRIC, 11, new Value.Int32(1), null))
                .isEqualTo(new Converted.Bad(Reason.TYPE, "Boolean with an integer as its value"));
        assertThat(DataType.convert(METRIC, 10, Value.None.INSTANCE, null))
                .isEqualTo(new Converted.Bad(Reason.TYPE, "Double with nothing as its value"));
        assertThat(DataType.convert(METRIC, -1, new Value.Int32(1), null))
                .isEqualTo(new Converted.Bad(Reason.SPARKPLUG, "type 4294967295 is no kind of sample"));
    }
}
