package dev.heliograph.ingest.intake;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bound of the whole instance on what has been received and is not yet safe in Kafka, shared fairly: a tenant may hold
 * at most {@value #TENANT_PARTS_OF_FREE} times what is free, and a device at most as much as is free. One tenant alone so
 * gets four fifths, two that want all get four ninths each, and whoever comes new finds room. No list of who is active is
 * needed for that.
 *
 * <p>A transport that finds its share exhausted stops reading and is woken when there is room again; what it had read
 * before is still taken, so the bound is exceeded by at most one socket read of each connection. Thread-safe.
 *
 * <p><b>Source.</b> Dynamic thresholds: Choudhury, Hahne, IEEE/ACM Transactions on Networking 6(2), 1998.
 */
public final class InFlightBudget {
    static final int TENANT_PARTS_OF_FREE = 4;
    private static final int DEVICE_PARTS_OF_FREE = 1;

    /** What a message costs in memory beside its payload: parsed samples, records, futures. Bytes, measured roughly. */
    private static final int OVERHEAD_BYTES = 1_024;

    /** Connections that one finished message wakes: each brings at least one message in its place. */
    private static final int WAKE_AT_ONCE = 4;

    private final int maxMessages;
    private final long maxBytes;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

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

    /** What one device or tenant has in flight, and who of it waits. */
    public final class Share {
        private final @Nullable Share tenant;
        private final int partsOfFree;
        private final AtomicInteger held = new AtomicInteger();
        private final AtomicLong heldBytes = new AtomicLong();
        private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

        private Share(@Nullable Share tenant, int partsOfFree) {
            this.tenant = tenant;
            this.partsOfFree = partsOfFree;
        }

        /** Who has nothing in flight may always send: its next message is what wakes the rest of it. */
        private boolean hasRoomOfItsOwn() {
            int mine = held.get();
            return mine <= 0
                    || mine < (long) partsOfFree * (maxMessages - messages.get())
                            && heldBytes.get() < partsOfFree * (maxBytes - bytes.get());
        }

        private void add(int count, long size) {
            held.addAndGet(count);
            heldBytes.addAndGet(size);
        }

        private Share ofTenant() {
            return tenant == null ? this : tenant;
        }
    }

    private record Waiting(Share device, Runnable task) {}

    /** A share for a tenant. */
    Share tenantShare() {
        return new Share(null, TENANT_PARTS_OF_FREE);
    }

    /** A share for a device, within its tenant's. */
    Share deviceShare(Share tenant) {
        return new Share(tenant, DEVICE_PARTS_OF_FREE);
    }

    /** Counts a message of the device as in flight, and says whether there is still room for another. */
    public boolean take(Share device, int payloadBytes) {
        count(device, 1, payloadBytes + OVERHEAD_BYTES);
        return hasRoom(device);
    }

    /** Whether another message of the device may be taken. */
    public boolean hasRoom(Share device) {
        return device.hasRoomOfItsOwn() && device.ofTenant().hasRoomOfItsOwn();
    }

    /** Gives back what {@link #take} counted, and wakes who waits for it. */
    public void giveBack(Share device, int payloadBytes) {
        count(device, -1, -(long) (payloadBytes + OVERHEAD_BYTES));
        wake(device);
    }

    /** Runs the task, which must not block, once there is room for the device; perhaps at once and on this thread. */
    public void whenRoom(Share device, Runnable task) {
        device.ofTenant().waiting.add(new Waiting(device, task));
        wake(device);
    }

    /** Messages in flight. */
    public int messages() {
        return Math.max(0, messages.get());
    }

    /** Bytes in flight, overhead included. */
    public long bytes() {
        return Math.max(0, bytes.get());
    }

    private void count(Share device, int count, long size) {
        messages.addAndGet(count);
        bytes.addAndGet(size);
        device.add(count, size);
        if (device.tenant != null) {
            device.tenant.add(count, size);
        }
    }

    private void wake(Share device) {
        Share tenant = device.ofTenant();
        if (device != tenant && device.hasRoomOfItsOwn()) {
            // Those of the device that were passed over while it had no room stand in the tenant's line again.
            for (Waiting next = device.waiting.poll(); next != null; next = device.waiting.poll()) {
                tenant.waiting.add(next);
            }
        }
        // With nothing in flight no further message will come back to wake anybody: then all are woken.
        int most = tenant.held.get() <= 0 ? Integer.MAX_VALUE : WAKE_AT_ONCE;
        for (int woken = 0; woken < most && tenant.hasRoomOfItsOwn(); ) {
            Waiting next = tenant.waiting.poll();
            if (next == null) {
                return;
            }
            if (next.device.hasRoomOfItsOwn()) {
                next.task.run();
                woken++;
            } else {
                passOver(next, tenant);
            }
        }
    }

    private static void passOver(Waiting waiting, Share tenant) {
        waiting.device.waiting.add(waiting);
        // What it had in flight may have come back in this moment, and nobody would look again.
        if (waiting.device.hasRoomOfItsOwn() && waiting.device.waiting.remove(waiting)) {
            tenant.waiting.add(waiting);
        }
    }
}
