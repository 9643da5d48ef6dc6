package dev.heliograph.ingest.sparkplug;

import org.jspecify.annotations.Nullable;

/**
 * What a host application counts against, alone or together with others. Thread-safe.
 *
 * @param definitions metrics that births define
 * @param heldMessages messages that wait for a birth
 * @param heldBytes bytes of these
 * @param pace requests for births
 */
record HostRooms(Room definitions, Room heldMessages, Room heldBytes, RebirthPace pace) {

    /** Those of one host application for all its edge nodes. */
    static HostRooms of(HostLimits limits) {
        return new HostRooms(
                new Room(limits.maxDefinitions()),
                new Room(limits.maxHeldMessages()),
                new Room(limits.maxHeldBytes()),
                new RebirthPace(limits.rebirthsPerSecond()));
    }

    /** Rooms within these, none larger than it says. */
    HostRooms within(long definitionsThere, long heldMessagesThere, long heldBytesThere) {
        return new HostRooms(
                new Room(definitions, definitionsThere),
                new Room(heldMessages, heldMessagesThere),
                new Room(heldBytes, heldBytesThere),
                pace);
    }

    /** Takes room for a message that is to wait, if there is. */
    boolean hold(int size) {
        if (!heldMessages.take(1)) {
            return false;
        }
        if (heldBytes.take(size)) {
            return true;
        }
        heldMessages.giveBack(1);
        return false;
    }

    /** Gives back what {@link #hold} took. */
    void letGo(int size) {
        heldMessages.giveBack(1);
        heldBytes.giveBack(size);
    }

    /** Makes the room that something takes another one; says whether there is enough. */
    boolean define(int before, int after) {
        if (after <= before) {
            definitions.giveBack(before - after);
            return true;
        }
        return definitions.take(after - before);
    }

    /** How many definitions something has. */
    static int size(@Nullable Definitions defined) {
        return defined == null ? 0 : defined.size();
    }
}
