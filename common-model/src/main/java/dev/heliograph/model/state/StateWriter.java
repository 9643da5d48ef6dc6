package dev.heliograph.model.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Appends numbers and texts to a growing array of bytes; {@link StateReader} reads them back in the same order. */
public final class StateWriter {
    static final VarHandle BIG_ENDIAN = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int TYPICAL_BYTES = 256;

    private byte[] bytes;
    private int size;

    /** For a few numbers and texts. */
    public StateWriter() {
        this(TYPICAL_BYTES);
    }

    /** @param expectedBytes how long it is likely to become: spares copies on the way there */
    public StateWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** One byte, of which the low eight bits count. */
    public StateWriter writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** A number in 1 to 10 bytes: short when it is near zero, of either sign. */
    public StateWriter writeLong(long value) {
        reserve(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** All 64 bits of a double. */
    public StateWriter writeDouble(double value) {
        reserve(Double.BYTES);
        BIG_ENDIAN.set(bytes, size, Double.doubleToRawLongBits(value));
        size += Double.BYTES;
        return this;
    }

    /** A text as its length and its UTF-8. */
    public StateWriter writeText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        writeLong(utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** A yes, a no, or neither. */
    public StateWriter writeFlag(@Nullable Boolean value) {
        return writeByte(value == null ? 2 : value ? 1 : 0);
    }

    /** What was written so far, as an array of its own. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
