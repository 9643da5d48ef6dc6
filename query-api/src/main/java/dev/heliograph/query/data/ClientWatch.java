package dev.heliograph.query.data;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** While a query runs, looks four times a second whether its client is still there, and stops the query if not. */
final class ClientWatch implements AutoCloseable {
    private static final long EVERY_MILLIS = 250;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;

    private ClientWatch() {}

    /** Starts to watch; nothing is watched where the container gives no probe. */
    static ClientWatch of(HttpServletRequest request, Running running, Runnable onLeft) {
        ClientWatch watch = new ClientWatch();
        if (request.getAttribute(ClientProbe.ATTRIBUTE) instanceof ClientProbe probe) {
            Thread.ofVirtual().name("client-watch").start(() -> watch.look(probe, running, onLeft));
        }
        return watch;
    }

    private void look(ClientProbe probe, Running running, Runnable onLeft) {
        lock.lock();
        try {
            while (!closed) {
                boolean woken = closing.await(EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (!closed && !woken && probe.hasLeft()) {
                    closed = true;
                    onLeft.run();
                    running.stop();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Ends; afterwards the request is not touched any more. May be called again. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A sink that ends the watch with the first series: from then on writing itself tells. */
    SeriesSink untilFirst(SeriesSink sink, Running running) {
        return new SeriesSink() {
            @Override
            public boolean streams() {
                return sink.streams();
            }

            @Override
            public void series(SeriesData data) {
                close();
                running.check();
                sink.series(data);
            }

            @Override
            public void truncated() {
                sink.truncated();
            }
        };
    }
}
