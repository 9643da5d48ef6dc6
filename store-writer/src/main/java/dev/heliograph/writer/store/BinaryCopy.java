package dev.heliograph.writer.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of {@code COPY ... (FORMAT binary)} for rows of (int4, timestamptz, float8, timestamptz).
 *
 * <p>Source: PostgreSQL manual, COPY, "Binary Format"; a timestamp is a 64-bit count of microseconds since 2000-01-01.
 */
final class BinaryCopy {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;
    private static final int ROW_BYTES = 2 + 4 + 4 + 3 * (4 + 8);
    private static final int FRAME_BYTES = 11 + 8 + 2;

    private byte[] bytes;
    private int size;

    BinaryCopy(int expectedRows) {
        bytes = new byte[FRAME_BYTES + expectedRows * ROW_BYTES];
        System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
        size = SIGNATURE.length + 8;
    }

    void row(int seriesId, long timeMicros, double value, long receivedMicros) {
        if (size + ROW_BYTES + 2 > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2 + ROW_BYTES);
        }
        putShort(4);
        putInt(4);
        putInt(seriesId);
        putInt(8);
        putLong(timeMicros - POSTGRES_EPOCH_MICROS);
        putInt(8);
        putLong(Double.doubleToRawLongBits(value));
        putInt(8);
        putLong(receivedMicros - POSTGRES_EPOCH_MICROS);
    }

    /** Ends the data and hands it out. */
    byte[] finish() {
        putShort(-1);
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void putShort(int value) {
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    private void putInt(int value) {
        putShort(value >>> 16);
        putShort(value);
    }

    private void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }
}
