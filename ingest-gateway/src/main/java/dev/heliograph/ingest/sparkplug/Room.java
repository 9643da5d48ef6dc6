package dev.heliograph.ingest.sparkplug;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A bound on what may be held, perhaps within a wider one that others share. Thread-safe. */
final class Room {
    private final @Nullable Room within;
    private final long size;
    private final AtomicLong taken = new AtomicLong();

    /** Room that is within no other. */
    Room(long size) {
        this(null, size);
    }

    /** @param within what this takes, it takes there too */
    Room(@Nullable Room within, long size) {
        this.within = within;
        this.size = size;
    }

    /** Takes so much, or nothing where it is not free here and in all that this is within. */
    boolean take(long amount) {
        if (taken.addAndGet(amount) <= size && (within == null || within.take(amount))) {
            return true;
        }
        taken.addAndGet(-amount);
        return false;
    }

    /** Gives back what {@link #take} took. */
    void giveBack(long amount) {
        taken.addAndGet(-amount);
        if (within != null) {
            within.giveBack(amount);
        }
    }

    /** How much is taken. */
    long taken() {
        return taken.get();
    }
}
