package dev.heliograph.ingest.intake;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bound of the whole instance on what has been received and is not yet safe in Kafka. A transport that finds it
 * exhausted stops reading and is woken when there is room again; what it had read before is still taken, so the bound is
 * exceeded by at most one socket read of each connection. Thread-safe.
 */
public final class InFlightBudget {
    private static final int PERCENT = 100;
    private static final int RESUME_BELOW_PERCENT = 80;

    /** What a message costs in memory beside its payload: parsed samples, records, futures. Bytes, measured roughly. */
    private static final int OVERHEAD_BYTES = 1_024;

    private final int maxMessages;
    private final long maxBytes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * A budget.
     *
     * @param maxMessages most messages in flight
     * @param maxBytes most bytes in flight, overhead included
     */
    public InFlightBudget(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** Counts a message as in flight, and says whether there is still room for another. */
    public boolean take(int payloadBytes) {
        int nowMessages = messages.incrementAndGet();
        long nowBytes = bytes.addAndGet(payloadBytes + OVERHEAD_BYTES);
        return nowMessages < maxMessages && nowBytes < maxBytes;
    }

    /** Whether another message may be taken. */
    public boolean hasRoom() {
        return messages.get() < maxMessages && bytes.get() < maxBytes;
    }

    /** Gives back what {@link #take} counted, and wakes who waits once a fifth of the budget is free. */
    public void giveBack(int payloadBytes) {
        messages.decrementAndGet();
        bytes.addAndGet(-(long) (payloadBytes + OVERHEAD_BYTES));
        wakeIfRoom();
    }

    /** Runs the task, which must not block, once there is room; perhaps at once and on this thread. */
    public void whenRoom(Runnable task) {
        waiting.add(task);
        wakeIfRoom();
    }

    /** Messages in flight. */
    public int messages() {
        return Math.max(0, messages.get());
    }

    private void wakeIfRoom() {
        if (waiting.isEmpty()
                || messages.get() > (long) maxMessages * RESUME_BELOW_PERCENT / PERCENT
                || bytes.get() > maxBytes / PERCENT * RESUME_BELOW_PERCENT) {
            return;
        }
        // As many as have room for a message each: waking thousands at once would overrun the bound at once.
        int room = Math.max(1, maxMessages - messages.get());
        for (int i = 0; i < room; i++) {
            Runnable next = waiting.poll();
            if (next == null) {
                return;
            }
            next.run();
        }
    }
}
