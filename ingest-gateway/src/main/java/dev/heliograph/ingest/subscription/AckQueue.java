package dev.heliograph.ingest.subscription;

import java.util.ArrayDeque;

/**
 * The unacknowledged messages of one subscription connection, acknowledged from the front. Thread-safe.
 *
 * <p>Each entry belongs to an epoch, which ends with the connection: packet ids start again afterwards, and a late
 * acknowledgement of an old message would acknowledge a new one that nobody has stored yet (measured: three of three lost).
 */
final class AckQueue {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final Acknowledger acknowledger;
    private long epoch;

    /** Sends the acknowledgement of one message. */
    @FunctionalInterface
    interface Acknowledger {
        /**
         * Hands the acknowledgement to the client, which must not wait for the network.
         *
         * @return false if it could not be, which ends the epoch: the broker will send the message again
         */
        boolean acknowledge(int packetId, int qos);
    }

    /** One message. */
    final class Entry {
        private final int packetId;
        private final int qos;
        private final long ofEpoch;
        private final long arrivedNanos;
        private boolean done;

        private Entry(int packetId, int qos, long nowNanos) {
            this.packetId = packetId;
            this.qos = qos;
            this.ofEpoch = epoch;
            this.arrivedNanos = nowNanos;
        }

        /** The message is safe. Nothing happens if its connection has ended meanwhile. */
        void done() {
            finish(this);
        }

        /** The message will not be safe: nothing more is acknowledged until a new connection brings it again. */
        void failed() {
            newEpochIf(ofEpoch);
        }
    }

    AckQueue(Acknowledger acknowledger) {
        this.acknowledger = acknowledger;
    }

    synchronized Entry arrived(int packetId, int qos, long nowNanos) {
        Entry entry = new Entry(packetId, qos, nowNanos);
        entries.add(entry);
        return entry;
    }

    /** A connection has begun or ended: what is still open belongs to the past. */
    synchronized void newEpoch() {
        epoch++;
        entries.clear();
    }

    synchronized int size() {
        return entries.size();
    }

    /** How long the oldest message has been waiting, nanoseconds; 0 when none is. */
    synchronized long oldestAgeNanos(long nowNanos) {
        Entry oldest = entries.peek();
        return oldest == null ? 0 : nowNanos - oldest.arrivedNanos;
    }

    private synchronized void newEpochIf(long failedEpoch) {
        if (epoch == failedEpoch) {
            newEpoch();
        }
    }

    // Under the lock, so that no new epoch, and with it no new connection, begins between the check and the call.
    private synchronized void finish(Entry entry) {
        entry.done = true;
        if (entry.ofEpoch != epoch) {
            return;
        }
        for (Entry head = entries.peek(); head != null && head.done; head = entries.peek()) {
            entries.poll();
            if (!acknowledger.acknowledge(head.packetId, head.qos)) {
                newEpoch();
                return;
            }
        }
    }
}
