package dev.heliograph.model.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a gateway says, with each record that the ledger counts, whose record it is and what came before.
 *
 * @param source the life of the gateway process that sent it: a random number, drawn anew at each start
 * @param units how many units the ledger counts for this record: samples of a reading, 1 for a refusal
 * @param acknowledged how many units of the same tenant and minute of receipt Kafka had acknowledged to this source when
 *     the record was handed to the producer: a lower bound of what must be found
 */
public record LedgerStamp(long source, int units, long acknowledged) {
    /** Name of the header. */
    public static final String HEADER = "ledger";

    private static final int LONGEST = Long.BYTES + 5 + 10;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7f;

    /** @throws IllegalArgumentException if a count is negative */
    public LedgerStamp {
        if (units < 0 || acknowledged < 0) {
            throw new IllegalArgumentException(
                    "units and acknowledged must not be negative, were " + units + " and " + acknowledged);
        }
    }

    /** The value of the header: 8 bytes of source, then both counts as variable-length integers. */
    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST).putLong(source);
        put(bytes, units);
        put(bytes, acknowledged);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** Reads the value of a header; null where there is none or it is not such a value. */
    public static @Nullable LedgerStamp decode(byte @Nullable [] value) {
        if (value == null || value.length > LONGEST) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        try {
            long source = bytes.getLong();
            long units = take(bytes);
            long acknowledged = take(bytes);
            boolean whole = !bytes.hasRemaining() && units >= 0 && units <= Integer.MAX_VALUE && acknowledged >= 0;
            return whole ? new LedgerStamp(source, (int) units, acknowledged) : null;
        } catch (BufferUnderflowException cut) {
            return null;
        }
    }

    private static void put(ByteBuffer bytes, long number) {
        long rest = number;
        while (rest > VARINT_MASK) {
            bytes.put((byte) (rest & VARINT_MASK | VARINT_MASK + 1));
            rest >>>= VARINT_BITS;
        }
        bytes.put((byte) rest);
    }

    private static long take(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            byte next = bytes.get();
            number |= (long) (next & VARINT_MASK) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }
}
