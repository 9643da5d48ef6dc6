package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.sparkplug.Effect.Note;
import dev.heliograph.ingest.sparkplug.HostApplication.Online;
import dev.heliograph.model.id.DeviceKey;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an edge node to the gateway: what it may say and hear on it, and what is known of it while it lasts. The
 * first topic of Sparkplug B that it uses settles its group and node id. Thread-safe.
 *
 * <p>Another connection of the same device takes over from this one, and with it who is there: an edge node has one connection
 * (Sparkplug 3.0.0, 5.4), and the death of the former must not be taken for its own.
 */
public final class EdgeNodeLink {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int COMMAND_LEVELS = 4;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final String TAKEN_OVER = "another connection speaks for the edge node";

    private final EdgeNodes all;
    private final DeviceKey device;
    private final Allowance allowance;
    private final EdgeNodes.Line line;
    private final String stateTopic;
    private final HostApplication host;
    private final Delivery delivery;
    private @Nullable NodeId node;
    private @Nullable SparkplugTopic looked;
    private String lookedAt = "";
    private boolean wantsCommands;
    private boolean wantsState;
    private boolean isStateDue;
    private long saidOnlineMillis;
    private boolean isTicking;
    private boolean isLeaving;
    private boolean isYielded;
    private Online left = Online.NOBODY;
    private boolean hasRoom;

    /** How a connection ends. */
    public enum End {
        /** The edge node is gone. */
        GONE,
        /** The gateway lets it go, to another gateway or to itself. */
        SENT_AWAY,
        /** The device has made another connection instead. */
        REPLACED
    }

    EdgeNodeLink(
            EdgeNodes all,
            DeviceKey device,
            long beganMicros,
            Allowance allowance,
            HostApplication host,
            EdgeNodes.Line line) {
        this.all = all;
        this.device = device;
        this.allowance = allowance;
        this.line = line;
        this.stateTopic = StateMessage.topic(all.settings().hostId());
        this.host = host;
        this.delivery = all.delivery(device, beganMicros);
    }

    /** Whether the edge node may publish to the topic: a message of its own or of a device below it, and no command. */
    public synchronized boolean mayPublish(String topic) {
        SparkplugTopic parsed = SparkplugTopic.parse(topic).orElse(null);
        looked = parsed;
        lookedAt = topic;
        return parsed != null && !parsed.type().isCommand() && isItself(parsed.node());
    }

    private boolean isItself(NodeId named) {
        NodeId settled = node;
        if (settled != null) {
            return settled.equals(named);
        }
        if (!EdgeNodes.isNode(named, device)) {
            return false;
        }
        node = named;
        EdgeNodeLink former = all.claim(device, this);
        if (former != null) {
            // From the newer to the older and never back: no two links wait for each other.
            host.inherit(named, former.yieldTo());
        }
        return true;
    }

    private synchronized Online yieldTo() {
        if (!isYielded) {
            isYielded = true;
            NodeId known = node;
            left = known == null ? Online.NOBODY : host.online(known);
            perform(() -> host.gone(TAKEN_OVER, false));
            line.takenOver();
        }
        return left;
    }

    /** Subscribes to commands for the edge node or its devices, or to the state of the host; says whether it may. */
    public synchronized boolean subscribe(String filter) {
        if (filter.equals(stateTopic)) {
            wantsState = true;
            isStateDue = true;
            return true;
        }
        MessageType command = command(filter);
        wantsCommands |= command == MessageType.NCMD;
        return command != null;
    }

    /** Ends a subscription; says whether it could have been one. */
    public synchronized boolean unsubscribe(String filter) {
        if (filter.equals(stateTopic)) {
            wantsState = false;
            return true;
        }
        MessageType command = command(filter);
        wantsCommands &= command != MessageType.NCMD;
        return command != null;
    }

    /** The subscriptions are acknowledged: the state follows, as a retained message would. */
    public synchronized void subscribed() {
        if (isStateDue && all.settings().publishState()) {
            // Its own time for each connection: what another gateway has said before is older.
            saidOnlineMillis = all.clock().millis();
            line.publish(stateTopic, StateMessage.encode(true, saidOnlineMillis));
        }
        isStateDue = false;
    }

    /** {@code spBv1.0/group/NCMD/node} or {@code .../NCMD/node/#}, {@code .../DCMD/node/+}, {@code /#} or a device. */
    private @Nullable MessageType command(String filter) {
        String[] levels = filter.split("/", COMMAND_LEVELS + 2);
        if (levels.length < COMMAND_LEVELS
                || levels.length > COMMAND_LEVELS + 1
                || !levels[0].equals(SparkplugTopic.NAMESPACE)
                || isWild(levels[1])
                || isWild(levels[3])
                || !isItself(new NodeId(levels[1], levels[3]))) {
            return null;
        }
        boolean isDeep = levels.length > COMMAND_LEVELS;
        if (levels[2].equals(MessageType.NCMD.name())) {
            return !isDeep || levels[COMMAND_LEVELS].equals("#") ? MessageType.NCMD : null;
        }
        return levels[2].equals(MessageType.DCMD.name()) && isDeep ? MessageType.DCMD : null;
    }

    private static boolean isWild(String level) {
        return level.isEmpty() || level.indexOf('+') >= 0 || level.indexOf('#') >= 0;
    }

    /**
     * Takes a message to a topic that it may publish to.
     *
     * @param answer told when it is safe; where it waits for a birth, after that
     * @return whether there is room for another
     */
    public synchronized boolean arrived(RawMessage message, Intake.Answer answer) {
        SparkplugTopic topic = message.topic().equals(lookedAt)
                ? looked
                : SparkplugTopic.parse(message.topic()).orElse(null);
        Arrival arrival = new Arrival(message, topic, answer, allowance, null);
        if (isYielded) {
            return delivery.refused(arrival, Reason.SPARKPLUG, TAKEN_OVER);
        }
        hasRoom = true;
        try {
            perform(() -> host.arrived(arrival));
        } catch (RuntimeException bug) {
            delivery.failed(arrival, bug);
        }
        if (isLeaving) {
            giveUp();
        }
        tickIfRestless();
        return hasRoom;
    }

    /** Takes its Will: it has gone without a word. */
    public synchronized void died(RawMessage will) {
        if (isYielded) {
            all.counters().count(new Effect.Noted(Note.STALE_DEATH, 1));
        } else {
            arrived(will, (outcome, failure) -> {});
        }
    }

    /** The gateway is about to let it go: nothing waits any longer, and the host says that it is offline. */
    public synchronized void leaving() {
        isLeaving = true;
        giveUp();
        if (wantsState && saidOnlineMillis != 0) {
            // As the host's Will would: with the time of its birth on this connection.
            line.publish(stateTopic, StateMessage.encode(false, saidOnlineMillis));
        }
    }

    /** The connection has ended; who was there is called offline unless it is about to come back. */
    public synchronized void ended(String why, End how) {
        NodeId known = node;
        if (!isYielded) {
            left = known == null ? Online.NOBODY : host.online(known);
            isYielded = true;
            perform(() -> host.gone(why, how == End.GONE));
        }
        if (how != End.REPLACED) {
            all.release(device, this);
        }
    }

    synchronized int nodesOnline() {
        return host.nodesOnline();
    }

    private void giveUp() {
        perform(() -> host.giveUp("the gateway goes before the birth came"));
    }

    private void tickIfRestless() {
        if (!isTicking && host.isRestless()) {
            isTicking = true;
            line.later(this::tick, TICK);
        }
    }

    private synchronized void tick() {
        isTicking = false;
        if (isYielded) {
            return;
        }
        perform(() -> host.tick(all.clock().millis() * MICROS_PER_MILLI));
        tickIfRestless();
    }

    private void perform(Supplier<List<Effect>> step) {
        for (Effect effect : step.get()) {
            switch (effect) {
                case Effect.Judged judged -> hasRoom = delivery.judged(judged);
                case Effect.Presence change -> delivery.changed(change);
                case Effect.AskForBirth ask -> ask(ask.node());
                case Effect.Noted noted -> all.counters().count(noted);
            }
        }
    }

    private void ask(NodeId whom) {
        // Who has not subscribed to commands cannot be asked; what waits is given up in time.
        if (wantsCommands) {
            line.publish(whom.commandTopic(), RebirthRequest.encode(all.clock().millis()));
        }
    }
}
