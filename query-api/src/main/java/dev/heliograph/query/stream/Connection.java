package dev.heliograph.query.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue between the hub and the one thread that writes to a client. The hub never waits: past the bound the queue keeps
 * only the newest fragment of each series; if what must not be left out alone is too much, the connection ends.
 */
final class Connection {
    private final UUID id = UUID.randomUUID();
    private final String owner;
    private volatile Subscription subscription;
    private final Set<StreamTopic> begun = EnumSet.noneOf(StreamTopic.class);
    private final int maxBytes;
    private final int maxFrames;
    private final StreamMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Frame> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable String ended;

    /** @param owner the user who opened it and may change it */
    Connection(String owner, Subscription subscription, StreamSettings settings, StreamMetrics metrics) {
        this.owner = owner;
        this.subscription = subscription;
        this.maxBytes = settings.queueBytes();
        this.maxFrames = settings.queueFrames();
        this.metrics = metrics;
    }

    /** What its client calls it. */
    UUID id() {
        return id;
    }

    String owner() {
        return owner;
    }

    Subscription subscription() {
        return subscription;
    }

    /** Only the hub changes it, between two ticks. */
    void subscribe(Subscription changed) {
        subscription = changed;
        begun.clear();
    }

    /** Whether nothing has been told yet of this topic; only the hub asks, and tells it then. */
    boolean isFirst(StreamTopic topic) {
        return begun.add(topic);
    }

    /** Adds a frame; never blocks. */
    void offer(Frame frame) {
        lock.lock();
        try {
            if (ended != null) {
                return;
            }
            waiting.addLast(frame);
            waitingBytes += frame.bytes().length;
            if (waitingBytes > maxBytes || waiting.size() > maxFrames) {
                conflate();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything that waits; empty if nothing came in time or the connection has ended. */
    List<Frame> take(Duration wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = wait.toNanos();
            while (waiting.isEmpty() && ended == null && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            List<Frame> taken = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the writer stop; the first reason stays. */
    void end(String reason) {
        lock.lock();
        try {
            if (ended == null) {
                ended = reason;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Why the connection ended; null while it lives. */
    @Nullable
    String ended() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    boolean isIdle() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void conflate() {
        Map<Object, Fragment> newest = new LinkedHashMap<>();
        Map<String, Frame> plain = new LinkedHashMap<>();
        String id = null;
        int before = 0;
        for (Frame frame : waiting) {
            id = frame.id() == null ? id : frame.id();
            if (frame.single() != null) {
                plain.put(
                        frame.single(), frame); // a reset, a changed subscription, or the newest state of the pipeline
            }
            for (Fragment fragment : frame.fragments()) {
                before++;
                Object key = fragment.key() == null ? new Object() : fragment.key();
                newest.remove(key); // its place is now behind what came meanwhile
                newest.put(key, fragment);
            }
        }
        metrics.dropped(before - newest.size());
        waiting.clear();
        waitingBytes = 0;
        List<Frame> kept = new ArrayList<>(plain.values());
        if (!newest.isEmpty()) {
            kept.add(Frame.of(List.copyOf(newest.values()), id));
        }
        for (Frame frame : kept) {
            waiting.addLast(frame);
            waitingBytes += frame.bytes().length;
        }
        if (waitingBytes > 2L * maxBytes) {
            waiting.clear();
            waitingBytes = 0;
            ended = "slow";
            metrics.slowClosed();
        }
    }
}
