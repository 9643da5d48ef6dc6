package dev.heliograph.ingest.sparkplug;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Sparkplug B payload, as far as a host application needs it.
 *
 * @param timestampMillis when it was sent, or null
 * @param sequence its sequence number; 0 where it was left out, as encoders of proto3 leave out a zero
 * @param metrics in the order of the message
 */
record Payload(@Nullable Long timestampMillis, long sequence, List<Metric> metrics) {
    static final String BD_SEQ = "bdSeq";
    static final String REBIRTH = "Node Control/Rebirth";

    private static final int BD_SEQ_RANGE = 256;

    /**
     * One metric.
     *
     * @param name its name, or null where only the alias names it
     * @param alias its alias (an unsigned number of 64 bits), or null
     * @param timestampMillis when the value was acquired, or null
     * @param datatype its type by number; 0 where it was left out
     * @param isHistorical whether the value is not the present one
     * @param isTransient whether the sender asks that it be not stored
     * @param isNull whether there is explicitly no value
     * @param value the value as it was encoded
     * @param quality the property {@code Quality}, or null
     * @param unit the property {@code engUnit}, or null
     */
    record Metric(
            @Nullable String name,
            @Nullable Long alias,
            @Nullable Long timestampMillis,
            int datatype,
            boolean isHistorical,
            boolean isTransient,
            boolean isNull,
            Value value,
            @Nullable Long quality,
            @Nullable String unit) {}

    /** A value by the field that held it; which type that means, the data type says. */
    sealed interface Value {
        /** 32 bits without a meaning of their own. */
        record Int32(int bits) implements Value {}

        /** 64 bits without a meaning of their own. */
        record Int64(long bits) implements Value {}

        /** A floating point number of 32 or 64 bits. */
        record Real(double value) implements Value {}

        /** Yes or no. */
        record Bool(boolean value) implements Value {}

        /** A text, well-formed UTF-8. */
        record Text(String value) implements Value {}

        /** Something with an inner structure that was passed over. */
        record Other(String what) implements Value {}

        /** No field of a value. */
        record None() implements Value {
            static final None INSTANCE = new None();
        }
    }

    /** The number that ties a birth to a death; null where there is none from 0 to 255. */
    @Nullable
    Integer bdSeq() {
        for (Metric metric : metrics) {
            if (BD_SEQ.equals(metric.name())) {
                long number = switch (metric.value()) {
                    case Value.Int32 narrow -> narrow.bits();
                    case Value.Int64 wide -> wide.bits();
                    case Value.Real _, Value.Bool _, Value.Text _, Value.Other _, Value.None _ -> -1;
                };
                return number < 0 || number >= BD_SEQ_RANGE ? null : Integer.valueOf((int) number);
            }
        }
        return null;
    }
}
