package dev.heliograph.writer.store;

import dev.heliograph.model.sequence.SequenceTrack;

/**
 * What the sequence numbers of devices tell about readings that never came.
 *
 * @param missed numbers that were skipped
 * @param filled numbers that had been skipped and came after all
 */
public record Skipped(long missed, long filled) {
    /** Nothing. */
    public static final Skipped NONE = new Skipped(0, 0);

    /** What is different from one state of a device to a later one. */
    static Skipped between(SequenceTrack.State before, SequenceTrack.State after) {
        long filled = after.filled() - before.filled();
        return new Skipped(after.missing() - before.missing() + filled, filled);
    }

    Skipped and(Skipped more) {
        return new Skipped(missed + more.missed, filled + more.filled);
    }
}
