package dev.heliograph.ingest.subscription;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's broker, and how a connection to it is kept.
 *
 * @param uri {@code tcp://host:1883} or {@code ssl://host:8883}
 * @param userName user name, or null
 * @param password password, or null
 * @param receiveMaximum most messages that the broker may have unacknowledged on a connection
 * @param keepAlive keep-alive
 * @param maxPacketBytes largest packet
 * @param stallTimeout age of the oldest unacknowledged message from which the connection is made anew
 * @param catchUp how long after it could not deliver the broker may still be delivering what it had kept
 */
public record Broker(
        String uri,
        @Nullable String userName,
        @Nullable String password,
        int receiveMaximum,
        Duration keepAlive,
        int maxPacketBytes,
        Duration stallTimeout,
        Duration catchUp) {

    /** Without the password. */
    @Override
    public String toString() {
        return uri;
    }
}
