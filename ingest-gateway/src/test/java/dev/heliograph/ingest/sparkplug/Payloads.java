package dev.heliograph.ingest.sparkplug;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes payloads as an edge node does, good ones and bad ones. */
public final class Payloads {
    public static final int INT8 = 1;
    public static final int INT32 = 3;
    public static final int INT64 = 4;
    public static final int DOUBLE = 10;
    public static final int BOOLEAN = 11;
    public static final int STRING = 12;

    private Payloads() {}

    /** Writes fields of one message. */
    @FunctionalInterface
    public interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    /** Bytes of a message. */
    public static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** A payload; null leaves a field out. */
    public static byte[] payload(@Nullable Long timestamp, @Nullable Integer sequence, Metric... metrics) {
        return message(out -> {
            if (timestamp != null) {
                out.writeUInt64(1, timestamp);
            }
            for (Metric metric : metrics) {
                out.writeByteArray(2, metric.bytes());
            }
            if (sequence != null) {
                out.writeUInt64(3, sequence);
            }
        });
    }

    /** The metric that ties births and deaths. */
    public static Metric bdSeq(long number) {
        return new Metric().name("bdSeq").datatype(INT64).longValue(number);
    }

    /** A metric of a birth. */
    public static Metric born(String name, long alias, double value) {
        return new Metric().name(name).alias(alias).datatype(DOUBLE).doubleValue(value);
    }

    /** A metric of data, named by its alias alone. */
    public static Metric data(long alias, double value) {
        return new Metric().alias(alias).doubleValue(value);
    }

    /** One metric, field by field. */
    public static final class Metric {
        private final List<Fields> fields = new ArrayList<>();

        public byte[] bytes() {
            return message(out -> {
                for (Fields each : fields) {
                    each.to(out);
                }
            });
        }

        public Metric with(Fields field) {
            fields.add(field);
            return this;
        }

        public Metric name(String name) {
            return with(out -> out.writeString(1, name));
        }

        public Metric alias(long alias) {
            return with(out -> out.writeUInt64(2, alias));
        }

        public Metric time(long millis) {
            return with(out -> out.writeUInt64(3, millis));
        }

        public Metric datatype(int type) {
            return with(out -> out.writeUInt32(4, type));
        }

        public Metric historical() {
            return with(out -> out.writeBool(5, true));
        }

        public Metric transientMetric() {
            return with(out -> out.writeBool(6, true));
        }

        public Metric nullValue() {
            return with(out -> out.writeBool(7, true));
        }

        public Metric unit(String unit) {
            byte[] value = message(out -> {
                out.writeUInt32(1, STRING);
                out.writeString(8, unit);
            });
            return property("engUnit", value);
        }

        public Metric quality(int quality) {
            byte[] value = message(out -> {
                out.writeUInt32(1, INT32);
                out.writeUInt32(3, quality);
            });
            return property("Quality", value);
        }

        private Metric property(String key, byte[] value) {
            return with(out -> out.writeByteArray(9, message(set -> {
                set.writeString(1, key);
                set.writeByteArray(2, value);
            })));
        }

        public Metric intValue(int bits) {
            return with(out -> out.writeUInt32(10, bits));
        }

        public Metric longValue(long bits) {
            return with(out -> out.writeUInt64(11, bits));
        }

        public Metric floatValue(float value) {
            return with(out -> out.writeFloat(12, value));
        }

        public Metric doubleValue(double value) {
            return with(out -> out.writeDouble(13, value));
        }

        public Metric booleanValue(boolean value) {
            return with(out -> out.writeBool(14, value));
        }

        public Metric stringValue(String value) {
            return with(out -> out.writeString(15, value));
        }
    }
}
