package dev.heliograph.simulator.mqtt;

import java.net.URI;
import java.time.Duration;

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
        boolean retainStatus) {
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
                false);
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
                retainStatus);
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
                retainStatus);
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
                retain);
    }

    private static void requireWithin(String name, long value, long most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be within 1.." + most + ", was " + value);
        }
    }
}
