package dev.heliograph.simulator.fleet;

import java.util.Collection;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets scripts act when they are due: one thread, one queue ordered by time. After a pause of the machine it catches up; it never
 * stretches the schedule, so its lag is visible instead of hidden.
 */
public final class Pacer implements AutoCloseable {
    private static final long ASK_AGAIN_MICROS = 20_000;

    private final MicroClock clock;
    private final PriorityQueue<Turn> turns = new PriorityQueue<>();
    private final Thread thread;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopped;

    /** Wall time that does not jump: read once, continued by the monotonic clock. */
    public static final class MicroClock {
        private final long originMicros;
        private final long originNanos = System.nanoTime();

        /** Starts at the instant. */
        public MicroClock(long originMicros) {
            this.originMicros = originMicros;
        }

        /** µs since the epoch. */
        public long nowMicros() {
            return originMicros + (System.nanoTime() - originNanos) / 1_000;
        }
    }

    private record Turn(long atMicros, Script script) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            return Long.compare(atMicros, other.atMicros);
        }
    }

    /** A pacer that has not started. */
    public Pacer(String name, Collection<? extends Script> scripts, MicroClock clock) {
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon(true).name(name).unstarted(this::run);
        scripts.forEach(script -> enqueue(script, script.dueMicros()));
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Waits until every script has ended or the pacer was stopped; false where the time was over first. */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        return finished.await(timeout, unit);
    }

    /** Nothing acts any more. */
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!stopped && !turns.isEmpty()) {
                long waitMicros = turns.peek().atMicros - clock.nowMicros();
                if (waitMicros > 0) {
                    LockSupport.parkNanos(this, waitMicros * 1_000);
                } else {
                    act(turns.remove());
                }
            }
        } finally {
            finished.countDown();
        }
    }

    private void act(Turn turn) {
        long now = clock.nowMicros();
        Script script = turn.script;
        boolean acted = script.act(Math.max(0, now - script.dueMicros()) * 1_000);
        enqueue(script, acted ? script.dueMicros() : now + ASK_AGAIN_MICROS);
    }

    private void enqueue(Script script, long atMicros) {
        if (atMicros != Script.NEVER) {
            turns.add(new Turn(atMicros, script));
        }
    }
}
