package dev.heliograph.ingest.sparkplug;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.sparkplug.Payload.Metric;
import dev.heliograph.ingest.sparkplug.Payload.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the protobuf message {@code Payload} of Sparkplug 3.0.0 (6.4.1) by its field numbers.
 *
 * <p>Time and memory are linear in the bytes given; a length that the payload declares is never allocated before that many
 * bytes are there. Fields that are not known, and known ones of another wire type, are passed over, as protobuf asks;
 * groups, which no version of the schema has, are refused. Not thread-safe: one for each payload.
 */
final class PayloadReader {
    private static final int PAYLOAD_TIMESTAMP = varint(1);
    private static final int PAYLOAD_METRIC = delimited(2);
    private static final int PAYLOAD_SEQ = varint(3);

    private static final int METRIC_NAME = delimited(1);
    private static final int METRIC_ALIAS = varint(2);
    private static final int METRIC_TIMESTAMP = varint(3);
    private static final int METRIC_DATATYPE = varint(4);
    private static final int METRIC_IS_HISTORICAL = varint(5);
    private static final int METRIC_IS_TRANSIENT = varint(6);
    private static final int METRIC_IS_NULL = varint(7);
    private static final int METRIC_PROPERTIES = delimited(9);
    private static final int METRIC_INT = varint(10);
    private static final int METRIC_LONG = varint(11);
    private static final int METRIC_FLOAT = fixed32(12);
    private static final int METRIC_DOUBLE = fixed64(13);
    private static final int METRIC_BOOLEAN = varint(14);
    private static final int METRIC_STRING = delimited(15);
    private static final int METRIC_BYTES = delimited(16);
    private static final int METRIC_DATASET = delimited(17);
    private static final int METRIC_TEMPLATE = delimited(18);
    private static final int METRIC_EXTENSION = delimited(19);

    private static final int SET_KEY = delimited(1);
    private static final int SET_VALUE = delimited(2);

    private static final int PROPERTY_IS_NULL = varint(2);
    private static final int PROPERTY_INT = varint(3);
    private static final int PROPERTY_LONG = varint(4);
    private static final int PROPERTY_STRING = delimited(8);

    private static final String QUALITY = "Quality";
    private static final String UNIT = "engUnit";

    private final CodedInputStream in;
    private final int maxMetrics;

    private PayloadReader(byte[] bytes, int maxMetrics) {
        this.in = CodedInputStream.newInstance(bytes);
        this.maxMetrics = maxMetrics;
    }

    /**
     * Reads one payload.
     *
     * @param maxMetrics most metrics that it may hold
     * @throws MalformedPayload if the bytes are no such message, or it holds more metrics
     */
    static Payload read(byte[] bytes, int maxMetrics) throws MalformedPayload {
        try {
            return new PayloadReader(bytes, maxMetrics).payload();
        } catch (InvalidProtocolBufferException malformed) {
            throw new MalformedPayload(Reason.SPARKPLUG, "not a protobuf message: " + malformed.getMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("an array cannot fail to be read", impossible);
        }
    }

    private Payload payload() throws IOException, MalformedPayload {
        Long timestamp = null;
        long sequence = 0;
        List<Metric> metrics = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == PAYLOAD_TIMESTAMP) {
                timestamp = in.readUInt64();
            } else if (tag == PAYLOAD_SEQ) {
                sequence = in.readUInt64();
            } else if (tag == PAYLOAD_METRIC) {
                if (metrics.size() == maxMetrics) {
                    throw new MalformedPayload(Reason.TOO_MANY, "more than " + maxMetrics + " metrics");
                }
                int outer = in.pushLimit(in.readRawVarint32());
                metrics.add(metric());
                in.popLimit(outer);
            } else {
                skip(tag);
            }
        }
        return new Payload(timestamp, sequence, metrics);
    }

    private Metric metric() throws IOException, MalformedPayload {
        String name = null;
        Long alias = null;
        Long timestamp = null;
        int datatype = 0;
        boolean isHistorical = false;
        boolean isTransient = false;
        boolean isNull = false;
        Value value = Value.None.INSTANCE;
        Properties properties = Properties.NONE;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == METRIC_NAME) {
                name = in.readStringRequireUtf8();
            } else if (tag == METRIC_ALIAS) {
                alias = in.readUInt64();
            } else if (tag == METRIC_TIMESTAMP) {
                timestamp = in.readUInt64();
            } else if (tag == METRIC_DATATYPE) {
                datatype = in.readUInt32();
            } else if (tag == METRIC_IS_HISTORICAL) {
                isHistorical = in.readBool();
            } else if (tag == METRIC_IS_TRANSIENT) {
                isTransient = in.readBool();
            } else if (tag == METRIC_IS_NULL) {
                isNull = in.readBool();
            } else if (tag == METRIC_PROPERTIES) {
                int outer = in.pushLimit(in.readRawVarint32());
                properties = properties();
                in.popLimit(outer);
            } else {
                // The fields of a oneof: the last one counts.
                Value read = value(tag);
                value = read == null ? value : read;
            }
        }
        return new Metric(
                name,
                alias,
                timestamp,
                datatype,
                isHistorical,
                isTransient,
                isNull,
                value,
                properties.quality(),
                properties.unit());
    }

    private @Nullable Value value(int tag) throws IOException, MalformedPayload {
        if (tag == METRIC_INT) {
            return new Value.Int32(in.readUInt32());
        } else if (tag == METRIC_LONG) {
            return new Value.Int64(in.readUInt64());
        } else if (tag == METRIC_FLOAT) {
            return new Value.Real(in.readFloat());
        } else if (tag == METRIC_DOUBLE) {
            return new Value.Real(in.readDouble());
        } else if (tag == METRIC_BOOLEAN) {
            return new Value.Bool(in.readBool());
        } else if (tag == METRIC_STRING) {
            return new Value.Text(in.readStringRequireUtf8());
        }
        skip(tag);
        if (tag == METRIC_BYTES) {
            return new Value.Other("bytes");
        } else if (tag == METRIC_DATASET) {
            return new Value.Other("a data set");
        } else if (tag == METRIC_TEMPLATE) {
            return new Value.Other("a template");
        } else if (tag == METRIC_EXTENSION) {
            return new Value.Other("an extension");
        }
        return null;
    }

    /** The two properties that are used of a set; names and values are lists beside each other. */
    private record Properties(
            @Nullable Long quality, @Nullable String unit) {
        static final Properties NONE = new Properties(null, null);
    }

    private Properties properties() throws IOException, MalformedPayload {
        List<String> keys = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == SET_KEY) {
                keys.add(in.readStringRequireUtf8());
            } else if (tag == SET_VALUE) {
                int outer = in.pushLimit(in.readRawVarint32());
                values.add(property());
                in.popLimit(outer);
            } else {
                skip(tag);
            }
        }
        Long quality = null;
        String unit = null;
        for (int i = 0; i < Math.min(keys.size(), values.size()); i++) {
            String key = keys.get(i);
            switch (values.get(i)) {
                case Value.Int32(int number) when key.equals(QUALITY) -> quality = (long) number;
                case Value.Int64(long number) when key.equals(QUALITY) -> quality = number;
                case Value.Text(String text) when key.equals(UNIT) -> unit = text;
                default -> {
                    // A property of the sender's own.
                }
            }
        }
        return new Properties(quality, unit);
    }

    private Value property() throws IOException, MalformedPayload {
        Value value = Value.None.INSTANCE;
        boolean isNull = false;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == PROPERTY_IS_NULL) {
                isNull = in.readBool();
            } else if (tag == PROPERTY_INT) {
                value = new Value.Int32(in.readUInt32());
            } else if (tag == PROPERTY_LONG) {
                value = new Value.Int64(in.readUInt64());
            } else if (tag == PROPERTY_STRING) {
                value = new Value.Text(in.readStringRequireUtf8());
            } else {
                skip(tag);
            }
        }
        return isNull ? Value.None.INSTANCE : value;
    }

    private void skip(int tag) throws IOException, MalformedPayload {
        int type = WireFormat.getTagWireType(tag);
        if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
            throw new MalformedPayload(Reason.SPARKPLUG, "not a protobuf message of this schema: a group");
        }
        in.skipField(tag);
    }

    private static int varint(int field) {
        return field << 3 | WireFormat.WIRETYPE_VARINT;
    }

    private static int delimited(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static int fixed32(int field) {
        return field << 3 | WireFormat.WIRETYPE_FIXED32;
    }

    private static int fixed64(int field) {
        return field << 3 | WireFormat.WIRETYPE_FIXED64;
    }
}
