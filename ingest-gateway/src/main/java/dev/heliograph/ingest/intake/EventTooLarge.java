package dev.heliograph.ingest.intake;

/** The topic of an event admits none of its size: it will not be taken however often it is sent. */
public final class EventTooLarge extends Exception {
    private final transient Event event;

    /** @param cause what Kafka or its client said */
    public EventTooLarge(Event event, Throwable cause) {
        super(cause.getMessage(), cause);
        this.event = event;
    }

    /** The event that was refused, the same object that was sent. */
    public Event event() {
        return event;
    }
}
