package dev.heliograph.simulator.mqtt;

import dev.heliograph.simulator.history.History;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What all connections of a fleet share: threads, counters, the bound on attempts.
 *
 * <p><b>Threads.</b> A Paho client keeps three threads and sleeps in steps of 100 ms while it starts and stops. They run as
 * virtual threads (a blocked one costs some KB of heap and no operating system thread); a bounded pool would starve, because
 * Paho's tasks never end while the connection lives. What devices decide runs on a fixed pool of two threads.
 */
public final class LinkRuntime implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LinkRuntime.class.getName());
    private static final int LINK_THREADS = 2;

    /** How long a thread of Paho's pool waits for more to do. What waits longer than this in the pool may never be run. */
    static final Duration IDLE_THREAD = Duration.ofSeconds(1);

    final LinkSettings settings;
    final FleetMeter meter;
    final History history;
    final Semaphore connects;
    final ScheduledExecutorService paho;
    final ScheduledExecutorService links;
    final ExecutorService connecting;

    /** Starts the threads. */
    public LinkRuntime(LinkSettings settings, FleetMeter meter, History history) {
        this.settings = settings;
        this.meter = meter;
        this.history = history;
        this.connects = new Semaphore(settings.connectsAtOnce());
        this.paho = virtualThreads();
        this.links = linkThreads();
        this.connecting = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("simulator-connect-", 0).factory());
    }

    /** Runs a decision of a device on the link threads; after the end of the fleet nothing is decided any more. */
    void decide(Runnable decision) {
        decideIn(0, decision);
    }

    /** The same after a delay. */
    void decideIn(long delayMillis, Runnable decision) {
        try {
            links.schedule(decision, delayMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "an answer came after the fleet had stopped", e);
        }
    }

    /** Runs something that blocks. */
    void block(Runnable task) {
        try {
            connecting.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "work for a connection came after the fleet had stopped", e);
        }
    }

    /** Stops the threads; connections should be closed before. */
    @Override
    public void close() {
        links.shutdownNow();
        connecting.shutdownNow();
        paho.shutdownNow();
    }

    // Each task gets a worker of its own as long as the pool is below its core size, which it never reaches. Only for
    // what
    // starts at once: a worker that waits for a delay ends as an idle one while others are busy, and Paho's are busy as
    // long as their connection lives, so that nobody is left to run what is due later. PingSchedule keeps pings out of
    // here.
    private static ScheduledExecutorService virtualThreads() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(
                Integer.MAX_VALUE, Thread.ofVirtual().name("simulator-paho-", 0).factory());
        pool.setKeepAliveTime(IDLE_THREAD.toMillis(), TimeUnit.MILLISECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        return pool;
    }

    private static ScheduledExecutorService linkThreads() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(
                LINK_THREADS,
                Thread.ofPlatform().daemon(true).name("simulator-link-", 0).factory());
        pool.setRemoveOnCancelPolicy(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return pool;
    }
}
