package dev.heliograph.ingest.sparkplug;

import java.util.BitSet;

/**
 * The sequence numbers of one birth's messages, 0 to 255 and from 0 again: which is next, which are missing, which have come
 * already. Not thread-safe.
 */
final class SequenceTrack {
    /** Sequence numbers are counted modulo this. */
    static final int RANGE = 256;

    private static final int MASK = RANGE - 1;

    private final int maxGap;
    private final BitSet missing = new BitSet(RANGE);
    private final BitSet seen = new BitSet(RANGE);
    private final int[] hashes = new int[RANGE];
    private int expected;

    /** What a sequence number says of its message. */
    enum Order {
        /** The next one. */
        NEXT,
        /** The same message once more. */
        DUPLICATE,
        /** One that was missing, while others still are. */
        LATE,
        /** The last one that was missing. */
        COMPLETE,
        /** Some were left out, few enough. */
        GAP,
        /** So many were left out that a birth may be among them. */
        RIFT
    }

    /**
     * A track that begins with a birth.
     *
     * @param first the birth's sequence number
     * @param hash a hash of the birth's bytes
     * @param maxGap most numbers left out at once for a {@link Order#GAP}
     */
    SequenceTrack(int first, int hash, int maxGap) {
        this.maxGap = maxGap;
        advance(first, hash);
    }

    /**
     * Takes the next message.
     *
     * @param sequence its number, 0 to 255
     * @param hash a hash of its bytes, by which a repetition is told from another message
     */
    Order take(int sequence, int hash) {
        int left = sequence - expected & MASK;
        if (left == 0) {
            advance(sequence, hash);
            return Order.NEXT;
        }
        if (missing.get(sequence)) {
            missing.clear(sequence);
            remember(sequence, hash);
            return missing.isEmpty() ? Order.COMPLETE : Order.LATE;
        }
        if (seen.get(sequence) && hashes[sequence] == hash) {
            return Order.DUPLICATE;
        }
        if (left > maxGap) {
            missing.clear();
            advance(sequence, hash);
            return Order.RIFT;
        }
        for (int lost = expected; lost != sequence; lost = lost + 1 & MASK) {
            missing.set(lost);
            seen.clear(lost);
        }
        advance(sequence, hash);
        return Order.GAP;
    }

    /** Whether a number is the next one. */
    boolean isNext(int sequence) {
        return sequence == expected;
    }

    private void advance(int sequence, int hash) {
        // What is missing for nearly a whole round is given up, before it can be taken for one that is left out next.
        for (int ahead = 0; ahead <= maxGap + 1; ahead++) {
            missing.clear(sequence + ahead & MASK);
        }
        remember(sequence, hash);
        expected = sequence + 1 & MASK;
    }

    private void remember(int sequence, int hash) {
        seen.set(sequence);
        hashes[sequence] = hash;
    }
}
