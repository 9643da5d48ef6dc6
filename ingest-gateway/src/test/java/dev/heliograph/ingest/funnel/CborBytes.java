package dev.heliograph.ingest.funnel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes CBOR from JSON, for tests: containers of unknown length, integers in the shortest form, other numbers as doubles. */
final class CborBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CborBytes() {}

    /** The CBOR of a JSON document that the gateway's own reader takes. */
    static byte[] of(String json) {
        CborBytes bytes = new CborBytes();
        try (JsonReader document = new JsonReader(json.getBytes(StandardCharsets.UTF_8))) {
            document.next();
            bytes.value(document);
        }
        return bytes.out.toByteArray();
    }

    private void value(JsonReader document) {
        switch (document.token()) {
            case START_OBJECT -> {
                out.write(0xBF);
                for (String name = document.nextName(); name != null; name = document.nextName()) {
                    text(name);
                    document.next();
                    value(document);
                }
                out.write(0xFF);
            }
            case START_ARRAY -> {
                out.write(0x9F);
                while (document.next() != DocumentReader.Token.END_ARRAY) {
                    value(document);
                }
                out.write(0xFF);
            }
            case TEXT -> text(document.text());
            case INTEGER -> integer(document.number());
            case DECIMAL -> decimal(document.number());
            case TRUE -> out.write(0xF5);
            case FALSE -> out.write(0xF4);
            default -> out.write(0xF6);
        }
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(3, utf8.length);
        out.writeBytes(utf8);
    }

    private void integer(double value) {
        boolean exact = Math.abs(value) < 1L << 53 && Double.doubleToRawLongBits(value) != Long.MIN_VALUE;
        if (exact) {
            head(value < 0 ? 1 : 0, value < 0 ? -1 - (long) value : (long) value);
        } else {
            decimal(value);
        }
    }

    private void decimal(double value) {
        out.write(0xFB);
        out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    }

    private void head(int major, long argument) {
        int type = major << 5;
        if (argument < 24) {
            out.write(type | (int) argument);
        } else if (argument < 256) {
            out.write(type | 24);
            out.write((int) argument);
        } else {
            out.write(type | 27);
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(argument).array());
        }
    }
}
