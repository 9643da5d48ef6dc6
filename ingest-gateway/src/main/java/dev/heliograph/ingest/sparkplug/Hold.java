package dev.heliograph.ingest.sparkplug;

/** The bound on what waits for births, over all edge nodes. Not thread-safe. */
final class Hold {
    private final int maxMessages;
    private final long maxBytes;
    private int messages;
    private long bytes;

    Hold(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Takes room for a message if there is. */
    boolean take(int size) {
        if (messages >= maxMessages || bytes + size > maxBytes) {
            return false;
        }
        messages++;
        bytes += size;
        return true;
    }

    /** Gives back what {@link #take} took. */
    void giveBack(int size) {
        messages--;
        bytes -= size;
    }

    /** Messages that wait. */
    int messages() {
        return messages;
    }
}
