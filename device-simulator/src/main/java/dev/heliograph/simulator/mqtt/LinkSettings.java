package dev.heliograph.simulator.mqtt;

import java.net.URI;
import java.time.Duration;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * How devices connect.
 *
 * @param broker {@code tcp://host:port}, or {@code ssl://host:port} with the trust store of the JVM
 * @param inFlight messages sent and not answered, for each connection, 1 to 65,535; default 10. A lower receive maximum of the
 *     server wins
 * @param pendingLimit messages that a connection keeps while it cannot send, 1 or more; default 1,000. Then the oldest is given
 *     up and counted
 * @param keepAlive of MQTT, whole seconds; default 30 s
 * @param connectTimeout until a connection attempt counts as failed; default 10 s
 * @param firstBackoff after the first failure, doubled with each further one; default 500 ms. Half of a delay is random
 * @param longestBackoff bound of the back-off; default 30 s
 * @param connectsAtOnce connection attempts at the same time, over the whole fleet; default 50
 * @param retainStatus whether status messages are retained: for brokers; the platform's own endpoint has no retained messages
 *     and refuses a Will that asks for it; default false
 * @param sockets how each device makes its connections; default {@link Sockets#OF_THE_JVM}
 */
public record LinkSettings(
        URI broker,
        int inFlight,
        int pendingLimit,
        Duration keepAlive,
        Duration connectTimeout,
        Duration firstBackoff,
        Duration longestBackoff,
        int connectsAtOnce,
        boolean retainStatus,
        Sockets sockets) {
    /** @throws IllegalArgumentException if a bound is broken */
    public LinkSettings {
        requireWithin("inFlight", inFlight, 65_535);
        requireWithin("pendingLimit", pendingLimit, Integer.MAX_VALUE);
        requireWithin("connectsAtOnce", connectsAtOnce, Integer.MAX_VALUE);
        requireWithin("keepAlive in seconds", keepAlive.toSeconds(), 65_535);
        requireWithin("connectTimeout in seconds", connectTimeout.toSeconds(), 3_600);
        requireWithin("firstBackoff in ms", firstBackoff.toMillis(), longestBackoff.toMillis());
    }

    /** The defaults. */
    public static LinkSettings to(URI broker) {
        return new LinkSettings(
                broker,
                10,
                1_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                50,
                false,
                Sockets.OF_THE_JVM);
    }

    /** With other bounds of what is unanswered and what waits. */
    public LinkSettings withQueues(int newInFlight, int newPendingLimit) {
        return new LinkSettings(
                broker,
                newInFlight,
                newPendingLimit,
                keepAlive,
                connectTimeout,
                firstBackoff,
                longestBackoff,
                connectsAtOnce,
                retainStatus,
                sockets);
    }

    /** With another back-off. */
    public LinkSettings withBackoff(Duration first, Duration longest) {
        return new LinkSettings(
                broker,
                inFlight,
                pendingLimit,
                keepAlive,
                connectTimeout,
                first,
                longest,
                connectsAtOnce,
                retainStatus,
                sockets);
    }

    /** With retained status messages, or without. */
    public LinkSettings withRetainedStatus(boolean retain) {
        return new LinkSettings(
                broker,
                inFlight,
                pendingLimit,
                keepAlive,
                connectTimeout,
                firstBackoff,
                longestBackoff,
                connectsAtOnce,
                retain,
                sockets);
    }

    /** With other sockets. */
    public LinkSettings withSockets(Sockets others) {
        return new LinkSettings(
                broker,
                inFlight,
                pendingLimit,
                keepAlive,
                connectTimeout,
                firstBackoff,
                longestBackoff,
                connectsAtOnce,
                retainStatus,
                others);
    }

    /** What connections are made by, such as one that shows a certificate of the device. */
    @FunctionalInterface
    public interface Sockets {
        /** Plain for {@code tcp://}; for {@code ssl://} with the trust store of the JVM and no certificate. */
        Sockets OF_THE_JVM = device -> null;

        /** The sockets of one device; null for those of the JVM. Must suit the scheme of the broker's address. */
        @Nullable
        SocketFactory of(LinkIdentity device);
    }

    private static void requireWithin(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be within 1.." + most + ", was " + value);
        }
    }
}
