package dev.heliograph.ingest.it;

/** Somebody's broker on loopback, without authentication. */
interface TestBroker extends AutoCloseable {
    /** Where it listens for plain MQTT. */
    int port();

    /** Stops it in order; nothing happens if it has stopped. */
    @Override
    void close();
}
