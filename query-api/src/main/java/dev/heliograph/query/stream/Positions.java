package dev.heliograph.query.stream;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A place in the live topics: the next offset of each partition that is read. What {@code id:} lines carry, signed.
 *
 * <p>On the wire, for each topic: its number, how many partitions it has, and their offsets. Where some are not known, 64 is
 * added to the number, and only those that are known follow: how many, and for each the distance from the one before and
 * its offset. All numbers are of variable length, 7 bits a byte.
 *
 * @param next offsets by topic, indexed by partition; {@link #UNREAD} for one that is not read
 */
record Positions(Map<StreamTopic, long[]> next) {
    /** The place in a partition that is not read. */
    static final long UNREAD = -1;

    static final Positions UNKNOWN = new Positions(Map.of());
    private static final int MAX_PARTITIONS = 1_000;
    private static final int SOME = 64;

    /** Whether the place in this partition is known. */
    boolean knows(StreamTopic topic, int partition) {
        long[] offsets = next.get(topic);
        return offsets != null && partition < offsets.length && offsets[partition] != UNREAD;
    }

    /** The place in a partition; {@link #UNREAD} where it is not known. */
    long at(Place place) {
        return knows(place.topic(), place.partition())
                ? Objects.requireNonNull(next.get(place.topic()))[place.partition()]
                : UNREAD;
    }

    /** The place in a partition; the other where it is not known, and 0 in one that was added later. */
    long atOr(Place place, long other) {
        long[] offsets = next.get(place.topic());
        if (offsets == null) {
            return other;
        }
        if (place.partition() >= offsets.length) {
            return 0;
        }
        return offsets[place.partition()] == UNREAD ? other : offsets[place.partition()];
    }

    /** How many partitions each topic has. */
    Map<StreamTopic, Integer> counts() {
        Map<StreamTopic, Integer> counts = new EnumMap<>(StreamTopic.class);
        next.forEach((topic, offsets) -> counts.put(topic, offsets.length));
        return counts;
    }

    /** Only those of what is needed. */
    Positions only(Need need) {
        return restricted(need.topics(), need::holds);
    }

    /** Only those of these partitions; all topics stay. */
    Positions only(Set<Place> places) {
        return restricted(next.keySet(), (topic, partition) -> places.contains(new Place(topic, partition)));
    }

    private interface Choice {
        boolean takes(StreamTopic topic, int partition);
    }

    private Positions restricted(Set<StreamTopic> topics, Choice choice) {
        Map<StreamTopic, long[]> chosen = new EnumMap<>(StreamTopic.class);
        next.forEach((topic, offsets) -> {
            if (topics.contains(topic)) {
                long[] some = offsets.clone();
                for (int partition = 0; partition < some.length; partition++) {
                    some[partition] = choice.takes(topic, partition) ? some[partition] : UNREAD;
                }
                chosen.put(topic, some);
            }
        });
        return new Positions(chosen);
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (StreamTopic topic : StreamTopic.values()) {
            long[] offsets = next.get(topic);
            if (offsets != null) {
                int known = (int) LongStream.of(offsets)
                        .filter(offset -> offset != UNREAD)
                        .count();
                out.write(topic.ordinal() + (known < offsets.length ? SOME : 0));
                writeNumber(out, offsets.length);
                if (known < offsets.length) {
                    writeSome(out, offsets, known);
                } else {
                    LongStream.of(offsets).forEach(offset -> writeNumber(out, offset));
                }
            }
        }
        return out.toByteArray();
    }

    private static void writeSome(ByteArrayOutputStream out, long[] offsets, int known) {
        writeNumber(out, known);
        int before = 0;
        for (int partition = 0; partition < offsets.length; partition++) {
            if (offsets[partition] != UNREAD) {
                writeNumber(out, partition - before);
                writeNumber(out, offsets[partition]);
                before = partition;
            }
        }
    }

    static Optional<Positions> decode(byte[] bytes) {
        Map<StreamTopic, long[]> next = new EnumMap<>(StreamTopic.class);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                int number = in.get();
                boolean some = number >= SOME;
                int ordinal = some ? number - SOME : number;
                long partitions = readNumber(in);
                if (ordinal < 0 || ordinal >= StreamTopic.values().length || partitions > MAX_PARTITIONS) {
                    return Optional.empty();
                }
                long[] offsets = new long[(int) partitions];
                if (some) {
                    readSome(in, offsets);
                } else {
                    for (int i = 0; i < offsets.length; i++) {
                        offsets[i] = readNumber(in);
                    }
                }
                next.put(StreamTopic.values()[ordinal], offsets);
            }
            return Optional.of(new Positions(next));
        } catch (BufferUnderflowException cutOff) {
            return Optional.empty();
        }
    }

    private static void readSome(ByteBuffer in, long[] offsets) {
        Arrays.fill(offsets, UNREAD);
        long partition = 0;
        for (long left = readNumber(in); left > 0; left--) {
            partition += readNumber(in);
            if (partition < 0 || partition >= offsets.length) {
                throw new BufferUnderflowException();
            }
            offsets[(int) partition] = readNumber(in);
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
