package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.model.id.DeviceKey;
import java.util.List;

/** What the host application wants done, in this order. */
sealed interface Effect {

    /**
     * A message is judged; each is exactly once.
     *
     * @param arrival the message
     * @param outcome its readings and refusals; devices that are not registered are not yet sorted out
     * @param presence what it says of who is there
     */
    record Judged(Arrival arrival, Outcome outcome, List<Presence> presence) implements Effect {
        public Judged {
            presence = List.copyOf(presence);
        }
    }

    /**
     * A device, or the edge node as a device, has come or gone.
     *
     * @param cause the message type that says so, or what else does
     */
    record Presence(DeviceKey device, boolean isOnline, String cause) implements Effect {}

    /** An edge node is to be asked for its births. */
    record AskForBirth(NodeId node) implements Effect {}

    /** Something worth a count, and how often it happened. */
    record Noted(Note note, int count) implements Effect {}

    /** What is counted; the label of the metric in lower case. */
    enum Note {
        /** A birth of an edge node or device was taken. */
        BIRTH,
        /** A death was taken. */
        DEATH,
        /** A death of a connection that is not the present one was passed over. */
        STALE_DEATH,
        /** A message came twice. */
        DUPLICATE,
        /** Sequence numbers were left out. */
        GAP,
        /** The messages of a gap have come after all. */
        REORDERED,
        /** A message waits for a birth. */
        HELD,
        /** A message that waited was read after the birth. */
        RESOLVED,
        /** A message that waited was given up. */
        EXPIRED,
        /** Births were asked for. */
        REBIRTH,
        /** An asked edge node has not answered. */
        UNANSWERED,
        /** A metric that explicitly has no value. */
        NULL_VALUE,
        /** A metric that its sender asks not to store. */
        TRANSIENT
    }
}
