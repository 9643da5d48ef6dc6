package dev.heliograph.local.up;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been started, to be stopped in the opposite order. A part that hangs does not keep the others from stopping. */
final class Parts {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private record Part(String name, Duration stopLimit, AutoCloseable handle) {}

    private final Deque<Part> started = new ArrayDeque<>();
    private boolean stopping;

    /**
     * Takes over the responsibility for a part.
     *
     * @param stopLimit how long to wait for it to stop before going on with the next
     * @throws IllegalStateException if everything is being stopped already; the part is closed then
     */
    void add(String name, Duration stopLimit, AutoCloseable handle) {
        Part part = new Part(name, stopLimit, handle);
        synchronized (this) {
            if (!stopping) {
                started.push(part);
                return;
            }
        }
        stop(part);
        throw new IllegalStateException("stopped while starting " + name);
    }

    /** Stops everything; does nothing the second time. */
    void stopAll() {
        synchronized (this) {
            stopping = true;
        }
        for (Part part = poll(); part != null; part = poll()) {
            stop(part);
        }
    }

    /** Whether more than the data directory has been started and not been stopped. */
    synchronized boolean isRunning() {
        return started.size() > 1;
    }

    private synchronized @Nullable Part poll() {
        return started.poll();
    }

    private static void stop(Part part) {
        FutureTask<Void> closing = new FutureTask<>(() -> {
            part.handle().close();
            return null;
        });
        Thread.ofPlatform().daemon().name("stop-" + part.name()).start(closing);
        long before = System.nanoTime();
        try {
            closing.get(part.stopLimit().toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("{} stopped in {} ms", part.name(), (System.nanoTime() - before) / 1_000_000);
        } catch (TimeoutException hanging) {
            LOG.warn("{} did not stop within {}", part.name(), part.stopLimit());
        } catch (ExecutionException failure) {
            LOG.warn("{} did not stop cleanly", part.name(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
