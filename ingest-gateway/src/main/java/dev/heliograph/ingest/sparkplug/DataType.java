package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.sparkplug.Payload.Value;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import org.jspecify.annotations.Nullable;

/**
 * What the number of a data type makes of an encoded value (Sparkplug 3.0.0, 6.4.16).
 *
 * <p>Integers travel as unsigned fields; a signed one is in two's complement. Encoders differ in how far they extend the
 * sign of an Int8 or Int16 (to its own width or to 32 bits), and in whether a UInt32 is in the field of 32 or of 64 bits: all
 * of these are read; a signed integer in a field of 32 bits is one of 32 bits. A number that its type cannot hold is refused,
 * not cut.
 */
final class DataType {
    private static final int INT8 = 1;
    private static final int INT16 = 2;
    private static final int INT32 = 3;
    private static final int INT64 = 4;
    private static final int UINT8 = 5;
    private static final int UINT16 = 6;
    private static final int UINT32 = 7;
    private static final int UINT64 = 8;
    private static final int FLOAT = 9;
    private static final int DOUBLE = 10;
    private static final int BOOLEAN = 11;
    private static final int STRING = 12;
    private static final int DATE_TIME = 13;
    private static final int TEXT = 14;
    private static final int UUID = 15;
    private static final int LAST = 34;
    private static final String[] NAMES = {
        "Unknown",
        "Int8",
        "Int16",
        "Int32",
        "Int64",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "Float",
        "Double",
        "Boolean",
        "String",
        "DateTime",
        "Text",
        "UUID",
        "DataSet",
        "Bytes",
        "File",
        "Template",
        "PropertySet",
        "PropertySetList",
        "Int8Array",
        "Int16Array",
        "Int32Array",
        "Int64Array",
        "UInt8Array",
        "UInt16Array",
        "UInt32Array",
        "UInt64Array",
        "FloatArray",
        "DoubleArray",
        "BooleanArray",
        "StringArray",
        "DateTimeArray"
    };
    private static final long MAX_EXACT = 1L << 53;

    private DataType() {}

    /** What a value becomes. */
    sealed interface Converted {
        /**
         * A sample.
         *
         * @param isExact false for an integer that a double only comes near to
         */
        record Good(Sample sample, boolean isExact) implements Converted {}

        /** None, and why. */
        record Bad(Reason reason, String detail) implements Converted {}
    }

    /** The name of a type, for the words of a refusal. */
    static String name(int datatype) {
        return datatype >= 0 && datatype <= LAST ? NAMES[datatype] : "type " + Integer.toUnsignedString(datatype);
    }

    /** The sample that a value means; a unit that cannot be kept is passed over. */
    static Converted convert(MetricName metric, int datatype, Value value, @Nullable String unit) {
        return switch (datatype) {
            case INT8 -> signed(metric, datatype, value, Byte.SIZE, unit);
            case INT16 -> signed(metric, datatype, value, Short.SIZE, unit);
            case INT32 -> signed(metric, datatype, value, Integer.SIZE, unit);
            case INT64 -> signed(metric, datatype, value, Long.SIZE, unit);
            case UINT8 -> unsigned(metric, datatype, value, Byte.SIZE, unit);
            case UINT16 -> unsigned(metric, datatype, value, Short.SIZE, unit);
            case UINT32 -> unsigned(metric, datatype, value, Integer.SIZE, unit);
            case UINT64, DATE_TIME -> unsigned(metric, datatype, value, Long.SIZE, unit);
            case FLOAT, DOUBLE -> real(metric, datatype, value, unit);
            case BOOLEAN ->
                value instanceof Value.Bool bool
                        ? new Converted.Good(new Sample.Flag(metric, bool.value()), true)
                        : mismatch(datatype, value);
            case STRING, TEXT, UUID -> text(metric, datatype, value);
            default -> new Converted.Bad(Reason.SPARKPLUG, name(datatype) + " is no kind of sample");
        };
    }

    private static Converted signed(MetricName metric, int datatype, Value value, int bits, @Nullable String unit) {
        long number;
        if (value instanceof Value.Int32(int narrow)) {
            number = narrow;
        } else if (value instanceof Value.Int64(long wide)) {
            number = wide;
        } else {
            return mismatch(datatype, value);
        }
        long max = -1L >>> Long.SIZE - bits + 1;
        if (number > max && number <= max * 2 + 1) {
            // The sign was not extended beyond the type's own width.
            number -= (max + 1) * 2;
        }
        return number < -max - 1 || number > max
                ? outside(datatype)
                : new Converted.Good(measurement(metric, number, unit), Math.abs(number) <= MAX_EXACT);
    }

    private static Converted unsigned(MetricName metric, int datatype, Value value, int bits, @Nullable String unit) {
        long number;
        if (value instanceof Value.Int32(int narrow)) {
            number = Integer.toUnsignedLong(narrow);
        } else if (value instanceof Value.Int64(long wide)) {
            number = wide;
        } else {
            return mismatch(datatype, value);
        }
        if (bits < Long.SIZE && number >>> bits != 0) {
            return outside(datatype);
        }
        // Halved with the lost bit kept, so that the rounding to the nearest double is done once.
        double nearest = number >= 0 ? number : (number >>> 1 | number & 1) * 2.0;
        return new Converted.Good(measurement(metric, nearest, unit), Long.compareUnsigned(number, MAX_EXACT) <= 0);
    }

    private static Converted real(MetricName metric, int datatype, Value value, @Nullable String unit) {
        if (!(value instanceof Value.Real(double number))) {
            return mismatch(datatype, value);
        }
        return Double.isFinite(number)
                ? new Converted.Good(measurement(metric, number, unit), true)
                : new Converted.Bad(Reason.NON_FINITE, "not a finite number");
    }

    private static Sample measurement(MetricName metric, double value, @Nullable String unit) {
        return new Sample.Measurement(metric, value, unit != null && Sample.isUnit(unit) ? unit : null);
    }

    private static Converted text(MetricName metric, int datatype, Value value) {
        if (!(value instanceof Value.Text(String text))) {
            return mismatch(datatype, value);
        }
        if (text.length() > Sample.MAX_STATE_LENGTH) {
            return new Converted.Bad(
                    Reason.TEXT_LENGTH, text.length() + " characters, at most " + Sample.MAX_STATE_LENGTH);
        }
        return text.indexOf(0) >= 0
                ? new Converted.Bad(Reason.ENCODING, "NUL")
                : new Converted.Good(new Sample.State(metric, text), true);
    }

    private static Converted.Bad outside(int datatype) {
        return new Converted.Bad(Reason.SPARKPLUG, "a number that no " + name(datatype) + " can hold");
    }

    private static Converted.Bad mismatch(int datatype, Value value) {
        String found = switch (value) {
            case Value.Int32 _, Value.Int64 _ -> "an integer";
            case Value.Real _ -> "a floating point number";
            case Value.Bool _ -> "a boolean";
            case Value.Text _ -> "a text";
            case Value.Other(String what) -> what;
            case Value.None _ -> "nothing";
        };
        return new Converted.Bad(Reason.TYPE, name(datatype) + " with " + found + " as its value");
    }
}
