package dev.heliograph.model.state;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link StateWriter} wrote, in the same order. Every method throws {@link StateFormatException} where the
 * bytes end too early.
 */
public final class StateReader {
    private final byte[] bytes;
    private int position;

    public StateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a version byte and refuses any other than the given one. */
    public void expectVersion(int version, String what) {
        readVersion(version, version, what);
    }

    /** Reads a version byte and refuses any that is not within the given. */
    public int readVersion(int oldest, int newest, String what) {
        int found = readByte();
        if (found > newest) {
            throw StateFormatException.newer(what, found, newest);
        }
        if (found < oldest) {
            throw new StateFormatException(what + ": version must be " + oldest + " to " + newest + ", was " + found);
        }
        return found;
    }

    /** One byte, 0 to 255. */
    public int readByte() {
        need(1);
        return bytes[position++] & 0xFF;
    }

    /** A number written by {@link StateWriter#writeLong}. */
    public long readLong() {
        long rest = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = readByte();
            rest |= (long) (next & 0x7F) << shift;
            if ((next & 0x80) == 0) {
                return (rest >>> 1) ^ -(rest & 1);
            }
        }
        throw new StateFormatException("a number of more than 10 bytes at " + position);
    }

    /** A number that must fit an int and be 0 or more, such as a count. */
    public int readCount() {
        long value = readLong();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new StateFormatException("count must be within 0.." + Integer.MAX_VALUE + ", was " + value);
        }
        return (int) value;
    }

    /** All 64 bits of a double. */
    public double readDouble() {
        need(Double.BYTES);
        long bits = (long) StateWriter.BIG_ENDIAN.get(bytes, position);
        position += Double.BYTES;
        return Double.longBitsToDouble(bits);
    }

    /** A text written by {@link StateWriter#writeText}. */
    public String readText() {
        int length = readCount();
        need(length);
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    /** A yes, a no, or neither. */
    public @Nullable Boolean readFlag() {
        int code = readByte();
        return code == 2 ? null : Boolean.valueOf(code == 1);
    }

    private void need(int count) {
        if (bytes.length - position < count) {
            throw new StateFormatException("cut short at byte " + position + " of " + bytes.length);
        }
    }
}
