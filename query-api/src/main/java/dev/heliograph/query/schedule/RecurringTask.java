package dev.heliograph.query.schedule;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Something that is done again and again while the service runs, on a thread of its own, first after one pause. A round that
 * fails is told and is not the last one.
 */
public abstract class RecurringTask implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(RecurringTask.class);

    private final String name;
    private final Duration pause;
    private @Nullable ScheduledExecutorService schedule;

    /**
     * A task that is not running yet.
     *
     * @param name of its thread
     * @param pause from the beginning of a round to that of the next, or its end where it takes longer
     */
    protected RecurringTask(String name, Duration pause) {
        this.name = name;
        this.pause = pause;
    }

    /** One round. */
    protected abstract void round();

    private void guarded() {
        try {
            round();
        } catch (RuntimeException fault) {
            // Thrown on, it would end the schedule without a word.
            LOG.error("A round of {} failed", name, fault);
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService fresh = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        fresh.scheduleAtFixedRate(this::guarded, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        schedule = fresh;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = schedule;
        if (running != null) {
            running.shutdownNow();
        }
        schedule = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return schedule != null;
    }
}
