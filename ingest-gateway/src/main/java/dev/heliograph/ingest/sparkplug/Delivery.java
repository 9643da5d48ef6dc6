package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.Excess;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands over what a host application has judged, and tells who has come and gone. Where an edge node is connected itself, it
 * speaks for itself and for those devices whose label says that it is their gateway, and for nobody else. Thread-safe.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Intake intake;
    private final PresenceEvents presence;
    private final DeviceTable devices;
    private final @Nullable DeviceKey node;
    private final @Nullable Long beganMicros;

    /** Behind a broker, which answers for who publishes what. */
    Delivery(Intake intake, PresenceEvents presence, DeviceTable devices) {
        this(intake, presence, devices, null, null);
    }

    /**
     * Of an edge node's own connection. What it tells of presence names the connection: a former one at another gateway may
     * end when it is missed, long after this one has begun, and its death is that of nobody any more.
     *
     * @param node the edge node that is connected
     * @param beganMicros when its connection began, µs since the epoch
     */
    Delivery(Intake intake, PresenceEvents presence, DeviceTable devices, DeviceKey node, long beganMicros) {
        this(intake, presence, devices, node, Long.valueOf(beganMicros));
    }

    private Delivery(
            Intake intake,
            PresenceEvents presence,
            DeviceTable devices,
            @Nullable DeviceKey node,
            @Nullable Long beganMicros) {
        this.intake = intake;
        this.presence = presence;
        this.devices = devices;
        this.node = node;
        this.beganMicros = beganMicros;
    }

    /** Sends what a message was found to hold; says whether there is room for another. */
    boolean judged(Effect.Judged judged) {
        Arrival arrival = judged.arrival();
        List<Event> comings = new ArrayList<>(judged.presence().size());
        for (Effect.Presence change : judged.presence()) {
            if (maySpeakFor(change.device())) {
                comings.add(presence.event(change.device(), kind(change), change.cause(), beganMicros));
            }
        }
        Outcome outcome = permitted(judged.outcome());
        Excess excess = arrival.excess();
        if (excess != null && !outcome.readings().isEmpty()) {
            // Its values are refused, while what it says of births and of the order of messages was taken: a gap would
            // be
            // answered by more messages still.
            intake.counters().throttled(excess);
            outcome = Outcome.refused(outcome.device(), Refusal.ofMessage(Reason.RATE, excess.describe()));
        }
        return submit(arrival, outcome, comings);
    }

    private boolean submit(Arrival arrival, Outcome outcome, List<Event> besides) {
        Allowance sender = arrival.sender();
        if (node == null && sender != null) {
            // Its back-pressure is one for all that a broker sends; only its rates are its own.
            sender.measured(outcome.measurements());
            sender = null;
        }
        return intake.submit(arrival.message(), outcome, besides, sender, arrival.answer());
    }

    /** Tells that somebody has come or gone by no message of its own. */
    void changed(Effect.Presence change) {
        if (maySpeakFor(change.device())) {
            presence.sendOfConnection(change.device(), kind(change), change.cause(), beganMicros);
        }
    }

    /** Keeps a message on which the host application has failed: it must not stop the good ones behind it. */
    void failed(Arrival arrival, RuntimeException bug) {
        LOG.error(
                "The Sparkplug host failed on a message of {} bytes",
                arrival.message().payload().length,
                bug);
        refused(arrival, Reason.INTERNAL, "internal fault " + bug.getClass().getSimpleName());
    }

    /** Refuses a message without asking the host application; says whether there is room for another. */
    boolean refused(Arrival arrival, Reason reason, String detail) {
        Outcome refused = Outcome.refused(arrival.message().principal(), Refusal.ofMessage(reason, detail));
        return submit(arrival, refused, List.of());
    }

    private boolean maySpeakFor(DeviceKey device) {
        return devices.isEnabled(device) && (node == null || node.equals(device) || devices.reportsFor(node, device));
    }

    private Outcome permitted(Outcome outcome) {
        DeviceKey device = outcome.device();
        // Who is not registered is refused as such by the funnel.
        if (device == null || !devices.isEnabled(device) || maySpeakFor(device)) {
            return outcome;
        }
        String detail =
                "the label " + DeviceTable.GATEWAY_LABEL + " of " + device.device() + " does not name this edge node";
        return Outcome.refused(node, Refusal.ofMessage(Reason.IDENTITY_MISMATCH, detail));
    }

    private static PresenceEvents.Kind kind(Effect.Presence change) {
        return change.isOnline() ? PresenceEvents.Kind.STATUS_ONLINE : PresenceEvents.Kind.STATUS_OFFLINE;
    }
}
