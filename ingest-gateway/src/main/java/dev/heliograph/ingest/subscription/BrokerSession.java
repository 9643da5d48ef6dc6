package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.RawMessage;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** What a {@link BrokerConnection} is for: how it connects, what it subscribes to, where its messages go. */
public interface BrokerSession {

    /** Client id of the connection. */
    String clientId();

    /** Sets what is particular to this session; called before each connection. */
    void prepare(MqttConnectionOptions options);

    /** Topic filters, subscribed with QoS 1. */
    String[] filters();

    /** The strand of the message that has just come, see {@link RawMessage#strand}; 0 where devices do not number messages. */
    default long strand() {
        return 0;
    }

    /** Whether a connection may be made now; asked several times a second while there is none. */
    boolean mayConnect();

    /** Whether a connection that stands is to be given up for now; asked several times a second. */
    default boolean mustLeave() {
        return false;
    }

    /**
     * The broker came back without the session that a former connection of this process had, and so without the messages that
     * it kept for it. Told only where no clean start was asked for, before {@link #subscribed}, on the same thread.
     */
    default void forgotten() {}

    /** The subscriptions stand; messages may have come before. On the thread that keeps the connection. */
    default void subscribed(Publisher publisher) {}

    /** The connection is about to be given up on purpose; what is published here is still sent. On the same thread. */
    default void leaving(Publisher publisher) {}

    /** The connection is gone, on purpose or not; told at least once. On any thread; must not block. */
    default void lost() {}

    /**
     * A message. On the client's thread: must neither block nor throw.
     *
     * @param receipt told when the message is safe or will not be
     */
    void arrived(RawMessage message, Receipt receipt);

    /** Publishes on the connection. */
    interface Publisher {
        /**
         * Hands a message to the client.
         *
         * @param qos 0 or 1; a message of QoS 1 is waited for, with a bound
         * @return false if it could not be sent or was not acknowledged in time
         */
        boolean publish(String topic, byte[] payload, int qos, boolean retain);
    }

    /** What is told about one message; once. */
    interface Receipt {
        /** It is safe: the broker may be told. */
        void done();

        /**
         * Whether the broker may have kept the message while it could not deliver: then it says nothing about how fast its
         * sender sends.
         */
        default boolean mayBeBacklog() {
            return false;
        }

        /** It will not be safe; it is asked for again where the broker can send it again. */
        void failed();
    }
}
