package dev.heliograph.ingest.intake;

import org.jspecify.annotations.Nullable;

/** Where events go, and from where the word comes that they are safe. */
public interface EventSink {

    /**
     * Takes an event. Never blocks and never throws on account of the far side; who sends keeps the bound (see
     * {@link InFlightBudget}).
     *
     * @param completion told exactly once, on any thread, when the event is on all in-sync replicas or can no longer get there
     */
    void send(Event event, Completion completion);

    /** What is told about one event. */
    @FunctionalInterface
    interface Completion {
        /** Told and forgotten, for events that nobody waits for. The sink counts failures. */
        Completion IGNORED = failure -> {};

        /**
         * Told just before {@link #completed} where the event is safe.
         *
         * @param kafkaMillis the time that the record has in Kafka, ms since the epoch: Kafka's own where the topic is so
         */
        default void stored(long kafkaMillis) {
            // Hardly anybody asks what time it is there.
        }

        /** @param failure null when the event is safe; {@link EventTooLarge} where it never will be */
        void completed(@Nullable Throwable failure);
    }
}
