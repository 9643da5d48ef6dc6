package dev.heliograph.ingest.subscription;

import java.time.Duration;

/**
 * Whether the broker may be delivering what it had kept: then the rate of arrival says nothing about how fast senders send. So
 * it is for a while after a session was resumed, after messages were held up by Kafka, and after this process itself stood still
 * (a frozen machine, a long pause of the JVM): the broker does not notice that before the keep-alive is over. All times are in ns
 * of one monotonic clock. Thread-safe.
 */
final class CatchUp {
    /** From this on the broker is taken to be keeping what it cannot deliver. */
    private static final long HELD_UP = Duration.ofSeconds(5).toNanos();

    private final long lasts;
    private volatile long until;
    private volatile long looked;

    /** @param lasts how long it may take the broker */
    CatchUp(Duration lasts, long now) {
        this.lasts = lasts.toNanos();
        this.until = now;
        this.looked = now;
    }

    /** A connection is about to be made: messages of a session may come before it is told whether there is one. */
    void connecting(long now) {
        until = now + lasts;
    }

    /** The connection stands. */
    void connected(boolean resumed, long now) {
        if (!resumed) {
            until = now;
        }
    }

    /**
     * Looks, several times in {@link #HELD_UP}; a look that is late means that the process stood still.
     *
     * @param oldestAge age of the oldest message that is not yet safe; 0 where there is none
     */
    void look(long oldestAge, long now) {
        if (oldestAge > HELD_UP || now - looked > HELD_UP) {
            until = now + lasts;
        }
        looked = now;
    }

    /** The thread that looks was busy until now, with something that may take longer. */
    void busy(long now) {
        looked = now;
    }

    /** Whether a message that arrives now may have been kept; it may come before the thread that looks has awoken. */
    boolean isOn(long now) {
        if (now - looked > HELD_UP) {
            until = now + lasts;
        }
        return now - until < 0;
    }
}
