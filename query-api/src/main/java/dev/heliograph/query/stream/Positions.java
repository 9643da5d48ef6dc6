package dev.heliograph.query.stream;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A place in the live topics: the next offset of each partition. What {@code id:} lines carry, signed.
 *
 * @param next offsets by topic, indexed by partition
 */
record Positions(Map<StreamTopic, long[]> next) {
    static final Positions UNKNOWN = new Positions(Map.of());
    private static final int MAX_PARTITIONS = 1_000;

    /** Only those of the given topics. */
    Positions only(Set<StreamTopic> topics) {
        Map<StreamTopic, long[]> chosen = new EnumMap<>(StreamTopic.class);
        next.forEach((topic, offsets) -> {
            if (topics.contains(topic)) {
                chosen.put(topic, offsets);
            }
        });
        return new Positions(chosen);
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (StreamTopic topic : StreamTopic.values()) {
            long[] offsets = next.get(topic);
            if (offsets != null) {
                out.write(topic.ordinal());
                writeNumber(out, offsets.length);
                for (long offset : offsets) {
                    writeNumber(out, offset);
                }
            }
        }
        return out.toByteArray();
    }

    static Optional<Positions> decode(byte[] bytes) {
        Map<StreamTopic, long[]> next = new EnumMap<>(StreamTopic.class);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                int ordinal = in.get();
                long partitions = readNumber(in);
                if (ordinal < 0 || ordinal >= StreamTopic.values().length || partitions > MAX_PARTITIONS) {
                    return Optional.empty();
                }
                long[] offsets = new long[(int) partitions];
                for (int i = 0; i < offsets.length; i++) {
                    offsets[i] = readNumber(in);
                }
                next.put(StreamTopic.values()[ordinal], offsets);
            }
            return Optional.of(new Positions(next));
        } catch (BufferUnderflowException cutOff) {
            return Optional.empty();
        }
    }

    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long readNumber(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte part = in.get();
            number |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return number;
            }
        }
        throw new BufferUnderflowException();
    }
}
