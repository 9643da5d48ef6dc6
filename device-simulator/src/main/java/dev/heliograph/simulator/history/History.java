package dev.heliograph.simulator.history;

import dev.heliograph.simulator.mqtt.Outgoing;
import java.io.Closeable;

/** Is told of every attempt before it is sent and of every answer after it came. Called by several threads. */
public interface History extends Closeable {
    /** Remembers nothing. */
    History NONE = new History() {
        @Override
        public void sending(Outgoing message, int attempt) {}

        @Override
        public void answered(Outgoing message, int attempt, Outcome outcome, int reasonCode) {}

        @Override
        public void close() {}
    };

    /** What became of an attempt. */
    enum Outcome {
        /** PUBACK with success: the platform has it for good. */
        ACKNOWLEDGED,
        /** PUBACK with a refusal: the platform does not want it, it is not sent again. */
        REFUSED,
        /** PUBACK "not now", or "nobody has subscribed": it will be sent again. */
        LATER,
        /** No answer, the connection was lost: the platform may have it or not; it will be sent again. */
        UNKNOWN,
        /** Given up by the device because its memory was full or the run ended. */
        DROPPED
    }

    /** Before the attempt's bytes leave. */
    void sending(Outgoing message, int attempt);

    /** After the answer, or when there will be none. */
    void answered(Outgoing message, int attempt, Outcome outcome, int reasonCode);

    /** Nothing follows. */
    @Override
    void close();
}
