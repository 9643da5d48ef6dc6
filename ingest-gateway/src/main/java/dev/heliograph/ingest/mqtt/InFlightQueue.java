package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.Outcome;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one connection that wait for their acknowledgement, in the order in which they came, which is the order
 * in which MQTT wants them acknowledged. Entries are added and taken on the event loop; they are finished on any thread.
 */
final class InFlightQueue {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final Runnable scheduleDrain;
    private int qos1;

    /** @param scheduleDrain has {@link #drain} called soon on the event loop */
    InFlightQueue(Runnable scheduleDrain) {
        this.scheduleDrain = scheduleDrain;
    }

    /** One message. */
    final class Entry {
        final int packetId;
        final boolean acknowledge;
        final String topic;
        private volatile boolean done;
        private @Nullable Outcome outcome;
        private byte refusalCode;
        private @Nullable String refusal;
        private @Nullable Throwable failure;

        private Entry(int packetId, boolean acknowledge, String topic) {
            this.packetId = packetId;
            this.acknowledge = acknowledge;
            this.topic = topic;
        }

        /** The intake has answered. */
        void answered(Outcome found, @Nullable Throwable failed) {
            outcome = found;
            failure = failed;
            finish();
        }

        /** An event that has no outcome of its own is safe, or failed. */
        void completed(@Nullable Throwable failed) {
            failure = failed;
            finish();
        }

        /** There is nothing to wait for: the message is refused by the protocol. */
        void refused(byte code, String reason) {
            refusalCode = code;
            refusal = reason;
            finish();
        }

        @Nullable
        Outcome outcome() {
            return outcome;
        }

        @Nullable
        String refusal() {
            return refusal;
        }

        byte refusalCode() {
            return refusalCode;
        }

        @Nullable
        Throwable failure() {
            return failure;
        }

        private void finish() {
            done = true;
            if (drainScheduled.compareAndSet(false, true)) {
                scheduleDrain.run();
            }
        }
    }

    /**
     * Appends a message.
     *
     * @param acknowledge whether it wants a PUBACK (QoS 1)
     * @param topic where it was published, for the words of a refusal
     */
    Entry add(int packetId, boolean acknowledge, String topic) {
        Entry entry = new Entry(packetId, acknowledge, topic);
        entries.add(entry);
        qos1 += acknowledge ? 1 : 0;
        return entry;
    }

    /** Hands over the finished entries from the front. */
    void drain(Consumer<Entry> acknowledger) {
        // Before looking: what finishes from here on schedules another drain.
        drainScheduled.set(false);
        for (Entry head = entries.peek(); head != null && head.done; head = entries.peek()) {
            entries.poll();
            qos1 -= head.acknowledge ? 1 : 0;
            acknowledger.accept(head);
        }
    }

    /** Messages that wait for a PUBACK. */
    int unacknowledged() {
        return qos1;
    }

    int size() {
        return entries.size();
    }
}
