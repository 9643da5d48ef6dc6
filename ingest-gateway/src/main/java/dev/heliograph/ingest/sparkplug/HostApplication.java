package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.sparkplug.EdgeNode.Held;
import dev.heliograph.ingest.sparkplug.EdgeNode.Session;
import dev.heliograph.ingest.sparkplug.EdgeNode.Subject;
import dev.heliograph.ingest.sparkplug.Effect.Note;
import dev.heliograph.ingest.sparkplug.Effect.Presence;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Sparkplug B host application without clock, network and threads: messages and the passing of time go in, what is to be
 * done comes out. Every message is judged exactly once, at once or after it has waited for a birth; the guide has the table
 * of cases.
 *
 * <p>Data is read as soon as its birth is known, whatever its order: every value carries its own time, and the store does
 * not depend on the order (5.6 of the specification leaves that to a host). The sequence numbers decide whether the births
 * are still believed. What is held, defined and remembered is bounded by {@link HostLimits}.
 *
 * <p>Times are microseconds since the epoch. Not thread-safe.
 */
final class HostApplication {
    private static final long NANOS_PER_MICRO = 1_000;

    private final HostLimits limits;
    private final FunnelLimits funnelLimits;
    private final DeviceIds names;
    private final HostRooms rooms;
    private final Map<NodeId, EdgeNode> nodes = new LinkedHashMap<>();
    private final long holdMicros;
    private final long reorderMicros;
    private List<Effect> effects = new ArrayList<>();

    /** The devices of an edge node that are there, and whether it is so itself. */
    record Online(boolean isNode, List<String> devices) {
        static final Online NOBODY = new Online(false, List.of());
    }

    /**
     * A host application that knows nobody yet.
     *
     * @param rooms what it counts against
     * @param tenants the tenant of each group; null for a group that is nobody's
     */
    HostApplication(
            HostLimits limits,
            HostRooms rooms,
            FunnelLimits funnelLimits,
            Function<String, @Nullable TenantId> tenants) {
        this.limits = limits;
        this.funnelLimits = funnelLimits;
        this.names = new DeviceIds(tenants);
        this.rooms = rooms;
        this.holdMicros = micros(limits.holdTimeout());
        this.reorderMicros = micros(limits.reorderTimeout());
    }

    /** Takes a message. */
    List<Effect> arrived(Arrival arrival) {
        RawMessage message = arrival.message();
        SparkplugTopic topic = arrival.topic();
        if (topic == null) {
            refuse(arrival, message.principal(), Reason.TOPIC, "no topic of Sparkplug B");
            return taken();
        }
        if (topic.type().isCommand()) {
            judged(arrival, new Outcome(null, List.of(), List.of(), 1), List.of());
            return taken();
        }
        try {
            from(topic, arrival);
        } catch (MalformedPayload malformed) {
            EdgeNode node = nodes.get(topic.node());
            DeviceKey device = node == null ? message.principal() : node.self.key;
            judged(arrival, Outcome.refused(device, malformed.refusal()), List.of());
        }
        return taken();
    }

    /** Takes note that time has passed; to be called several times a second. */
    List<Effect> tick(long nowMicros) {
        for (EdgeNode node : nodes.values()) {
            giveUpHeld(node, nowMicros);
            watchSession(node, nowMicros);
            if (node.rebirth.isOverdue(nowMicros, holdMicros)) {
                node.rebirth.settle();
                note(Note.UNANSWERED, 1);
                if (node.session == null) {
                    effects.addAll(node.offline("no birth", subject -> true));
                }
            }
            askIfDue(node, nowMicros);
        }
        return taken();
    }

    /** The connection to the broker stands again: those who were there are asked whether they still are. */
    List<Effect> connected(long nowMicros) {
        for (EdgeNode node : nodes.values()) {
            node.rebirth.forget();
            if (node.subjects().stream().anyMatch(subject -> subject.isOnline)) {
                node.rebirth.want();
            }
            askIfDue(node, nowMicros);
        }
        return taken();
    }

    /** The connection to the broker is gone or is given up: births and deaths may be missed from now on. */
    List<Effect> disconnected(String why) {
        for (EdgeNode node : nodes.values()) {
            endSession(node, why);
            node.rebirth.forget();
        }
        return taken();
    }

    /**
     * The connection of the edge nodes themselves has ended.
     *
     * @param isSaid whether those who were there are called offline; not where they are about to come back
     */
    List<Effect> gone(String why, boolean isSaid) {
        for (EdgeNode node : nodes.values()) {
            endSession(node, why);
            node.rebirth.forget();
            if (isSaid) {
                effects.addAll(node.offline(why, subject -> true));
            }
        }
        return taken();
    }

    /** Gives up all that waits for births. */
    List<Effect> giveUp(String why) {
        nodes.values().forEach(node -> giveUpAll(node, why));
        return taken();
    }

    /** Who of the edge node is there. */
    Online online(NodeId id) {
        EdgeNode node = nodes.get(id);
        return node == null ? Online.NOBODY : node.online();
    }

    /** Takes it over from a former connection of the same edge node who is there, to be called offline unless born again. */
    void inherit(NodeId id, Online former) {
        try {
            EdgeNode node = node(id, null);
            node.self.isOnline = former.isNode();
            node.self.isInherited = former.isNode();
            for (String name : former.devices()) {
                Subject device = new Subject(names.claim(id, name));
                device.isOnline = true;
                device.isInherited = true;
                node.devices.put(name, device);
            }
        } catch (MalformedPayload impossible) {
            throw new IllegalStateException("a former connection has used these names", impossible);
        }
    }

    /** Whether the passing of time can bring about anything. */
    boolean isRestless() {
        return nodes.values().stream().anyMatch(EdgeNode::isRestless);
    }

    /** Edge nodes with a birth. */
    int nodesOnline() {
        return (int)
                nodes.values().stream().filter(node -> node.session != null).count();
    }

    /** Messages that wait for a birth. */
    int held() {
        return (int) rooms.heldMessages().taken();
    }

    private void from(SparkplugTopic topic, Arrival arrival) throws MalformedPayload {
        RawMessage message = arrival.message();
        int length = message.payload().length;
        if (length > funnelLimits.maxPayloadBytes()) {
            throw new MalformedPayload(Reason.TOO_LARGE, length + " bytes, at most " + funnelLimits.maxPayloadBytes());
        }
        if (length == 0) {
            throw new MalformedPayload(Reason.EMPTY, "no payload");
        }
        Payload payload = PayloadReader.read(message.payload(), limits.maxMetrics());
        boolean counts = topic.type() != MessageType.NDEATH;
        if (counts && (payload.sequence() < 0 || payload.sequence() >= SequenceTrack.RANGE)) {
            throw new MalformedPayload(
                    Reason.BAD_SEQ, Long.toUnsignedString(payload.sequence()) + " is no sequence number from 0 to 255");
        }
        EdgeNode node = node(topic.node(), message.principal());
        switch (topic.type()) {
            case NBIRTH -> nodeBirth(node, arrival, payload);
            case NDEATH -> nodeDeath(node, arrival, payload);
            case DBIRTH -> deviceBirth(node, device(topic), arrival, payload);
            case DDEATH -> deviceDeath(node, device(topic), arrival, payload);
            case NDATA, DDATA -> data(node, topic.device(), arrival, payload);
            case NCMD, DCMD -> throw new IllegalStateException("commands are passed over before");
        }
        askIfDue(node, message.receivedMicros());
    }

    private static String device(SparkplugTopic topic) {
        String device = topic.device();
        if (device == null) {
            throw new IllegalStateException("a topic of type " + topic.type() + " always has a device");
        }
        return device;
    }

    private EdgeNode node(NodeId id, @Nullable DeviceKey principal) throws MalformedPayload {
        EdgeNode known = nodes.get(id);
        if (known == null) {
            if (nodes.size() >= limits.maxNodes() && !forgetOne()) {
                throw new MalformedPayload(Reason.SPARKPLUG, "more edge nodes than " + limits.maxNodes());
            }
            known = new EdgeNode(id, names.claim(id, null), micros(limits.rebirthInterval()));
            nodes.put(id, known);
        }
        if (principal != null && !principal.equals(known.self.key)) {
            throw new MalformedPayload(
                    Reason.IDENTITY_MISMATCH, "the topic names another edge node than the one that is connected");
        }
        return known;
    }

    private boolean forgetOne() {
        for (Iterator<EdgeNode> each = nodes.values().iterator(); each.hasNext(); ) {
            EdgeNode node = each.next();
            if (node.isForgettable()) {
                each.remove();
                node.subjects().forEach(subject -> {
                    undefine(subject);
                    names.release(subject.key);
                });
                return true;
            }
        }
        return false;
    }

    private void nodeBirth(EdgeNode node, Arrival arrival, Payload payload) throws MalformedPayload {
        Definitions born = Definitions.of(payload);
        Definitions before = node.self.definitions;
        define(node.self, born);
        long now = arrival.message().receivedMicros();
        node.self.former = before == null ? node.self.former : before;
        for (Subject device : node.devices.values()) {
            if (device.definitions != null) {
                device.former = device.definitions;
                undefine(device);
            }
        }
        SequenceTrack sequence = new SequenceTrack((int) payload.sequence(), hash(arrival), limits.maxGap());
        node.session = new Session(payload, sequence, now, node.rebirth.isAwaited());
        node.lastDeath = null;
        node.rebirth.settle();
        note(Note.BIRTH, 1);
        read(node.self, born, null, arrival, payload, EdgeNode.online(node.self, "NBIRTH"));
        resolve(node, null);
    }

    private void deviceBirth(EdgeNode node, String name, Arrival arrival, Payload payload) throws MalformedPayload {
        Subject device = node.devices.get(name);
        if (device == null) {
            if (node.devices.size() >= limits.maxDevicesPerNode()) {
                throw new MalformedPayload(
                        Reason.SPARKPLUG, "more devices of one edge node than " + limits.maxDevicesPerNode());
            }
            device = new Subject(names.claim(node.id, name));
            node.devices.put(name, device);
        }
        Definitions born = Definitions.of(payload);
        if (node.session == null) {
            // Its values stand for themselves; its aliases belong to a session that is not known.
            node.rebirth.want();
            read(device, born, null, arrival, payload, List.of());
            return;
        }
        Definitions before = device.definitions;
        define(device, born);
        sequence(node, node.session, arrival, payload);
        device.former = before == null ? device.former : before;
        note(Note.BIRTH, 1);
        read(device, born, null, arrival, payload, EdgeNode.online(device, "DBIRTH"));
        resolve(node, name);
    }

    private void data(EdgeNode node, @Nullable String name, Arrival arrival, Payload payload) throws MalformedPayload {
        Session session = node.session;
        Subject subject = node.subject(name);
        if (name != null && subject == null) {
            // A name that can belong to no device will not be helped by a birth.
            names.check(node.id, name);
        }
        if (session != null && session.hasOvertaken(payload)) {
            overtaken(node, subject, arrival, payload);
            return;
        }
        if (session != null) {
            sequence(node, session, arrival, payload);
        }
        Definitions defined = subject == null ? null : subject.definitions;
        if (session == null || subject == null || defined == null || session.isDoubted) {
            hold(node, name, arrival, payload);
        } else if (!session.isAnswer && leavesOpen(payload, defined)) {
            hold(node, name, arrival, payload);
        } else {
            read(subject, defined, null, arrival, payload, List.of());
        }
    }

    /** A message from before the birth: read where both births agree on what it says. */
    private void overtaken(EdgeNode node, @Nullable Subject subject, Arrival arrival, Payload payload) {
        Definitions defined = subject == null ? null : subject.definitions;
        Definitions former = subject == null ? null : subject.former;
        if (subject == null || defined == null || former == null) {
            DeviceKey device = subject == null ? node.self.key : subject.key;
            refuse(arrival, device, Reason.SPARKPLUG, "sent before the birth that came before it");
        } else {
            read(subject, defined, former, arrival, payload, List.of());
        }
    }

    private void nodeDeath(EdgeNode node, Arrival arrival, Payload payload) throws MalformedPayload {
        Integer number = payload.bdSeq();
        if (number == null) {
            throw new MalformedPayload(Reason.SPARKPLUG, "a death without bdSeq belongs to no birth");
        }
        Session session = node.session;
        boolean isStale = session == null
                ? number.equals(node.lastDeath)
                : session.bdSeq != null && !session.bdSeq.equals(number);
        List<Presence> gone = List.of();
        if (isStale) {
            note(Note.STALE_DEATH, 1);
        } else {
            note(Note.DEATH, 1);
            // What came before the birth is known is said as well: the birth may have been missed.
            node.self.isOnline = true;
            gone = node.offline("NDEATH", subject -> true);
            node.lastDeath = number;
            node.rebirth.settle();
        }
        judged(arrival, new Outcome(node.self.key, List.of(), List.of(), 1), gone);
        if (!isStale) {
            endSession(node, "the edge node died before the birth came");
        }
    }

    private void deviceDeath(EdgeNode node, String name, Arrival arrival, Payload payload) throws MalformedPayload {
        Session session = node.session;
        if (session == null) {
            node.rebirth.want();
        } else {
            sequence(node, session, arrival, payload);
        }
        Subject device = node.devices.get(name);
        Subject dead = device == null ? new Subject(names.check(node.id, name)) : device;
        dead.former = null;
        undefine(dead);
        note(Note.DEATH, 1);
        judged(arrival, new Outcome(dead.key, List.of(), List.of(), 1), List.of(EdgeNode.offline(dead, "DDEATH")));
    }

    private void sequence(EdgeNode node, Session session, Arrival arrival, Payload payload) {
        switch (session.sequence.take((int) payload.sequence(), hash(arrival))) {
            case NEXT, LATE -> {}
            case DUPLICATE -> note(Note.DUPLICATE, 1);
            case COMPLETE -> {
                session.gapMicros = EdgeNode.NEVER;
                note(Note.REORDERED, 1);
            }
            case GAP -> {
                if (session.gapMicros == EdgeNode.NEVER) {
                    session.gapMicros = arrival.message().receivedMicros();
                }
                note(Note.GAP, 1);
            }
            case RIFT -> {
                session.gapMicros = EdgeNode.NEVER;
                session.isDoubted = true;
                node.rebirth.want();
                note(Note.GAP, 1);
            }
        }
    }

    private static boolean leavesOpen(Payload payload, Definitions defined) {
        for (Payload.Metric metric : payload.metrics()) {
            if (defined.find(metric) == null) {
                return true;
            }
        }
        return false;
    }

    private void hold(EdgeNode node, @Nullable String device, Arrival arrival, Payload payload) {
        node.rebirth.want();
        RawMessage message = arrival.message();
        if (!rooms.hold(message.payload().length)) {
            Subject subject = node.subject(device);
            refuse(
                    arrival,
                    subject == null ? node.self.key : subject.key,
                    Reason.SPARKPLUG,
                    "its birth is not known, and too many messages wait for births");
            return;
        }
        note(Note.HELD, 1);
        Subject subject = node.subject(device);
        Definitions former = subject == null ? null : subject.definitions;
        node.held.add(new Held(arrival, payload, device, former, message.receivedMicros()));
    }

    /** Reads what has waited for definitions of the edge node (device null) or of a device. */
    private void resolve(EdgeNode node, @Nullable String device) {
        Subject subject = node.subject(device);
        Definitions defined = subject == null ? null : subject.definitions;
        if (subject == null || defined == null || node.held.isEmpty()) {
            return;
        }
        Deque<Held> waiting = new ArrayDeque<>(node.held);
        node.held.clear();
        for (Held each : waiting) {
            boolean isOfSubject = device == null ? each.device() == null : device.equals(each.device());
            if (isOfSubject) {
                rooms.letGo(each.size());
                note(Note.RESOLVED, 1);
                Definitions former = each.former() == defined ? null : each.former();
                read(subject, defined, former, each.arrival(), each.payload(), List.of());
            } else {
                node.held.add(each);
            }
        }
    }

    private void giveUpHeld(EdgeNode node, long nowMicros) {
        Held oldest = node.held.peek();
        if (oldest == null || nowMicros - oldest.sinceMicros() < holdMicros) {
            return;
        }
        Session session = node.session;
        if (session != null && session.isDoubted) {
            // The edge node does not answer: what its last births said is the best that is known.
            session.isDoubted = false;
            resolve(node, null);
            List.copyOf(node.devices.keySet()).forEach(device -> resolve(node, device));
        }
        while (!node.held.isEmpty() && nowMicros - node.held.peek().sinceMicros() >= holdMicros) {
            giveUp(node, node.held.poll(), "its birth did not come within " + limits.holdTimeout());
        }
    }

    private void giveUp(EdgeNode node, Held held, String why) {
        rooms.letGo(held.size());
        note(Note.EXPIRED, 1);
        Subject subject = node.subject(held.device());
        refuse(held.arrival(), subject == null ? node.self.key : subject.key, Reason.SPARKPLUG, why);
    }

    private void watchSession(EdgeNode node, long nowMicros) {
        Session session = node.session;
        if (session == null) {
            return;
        }
        if (session.gapMicros != EdgeNode.NEVER && nowMicros - session.gapMicros >= reorderMicros) {
            session.gapMicros = EdgeNode.NEVER;
            node.rebirth.want();
        }
        if (!session.isComplete && nowMicros - session.bornMicros >= holdMicros) {
            session.isComplete = true;
            effects.addAll(node.offline("no DBIRTH", subject -> subject.definitions == null));
        }
    }

    private void endSession(EdgeNode node, String why) {
        giveUpAll(node, why);
        node.session = null;
        node.subjects().forEach(subject -> {
            subject.former = null;
            undefine(subject);
        });
    }

    private void giveUpAll(EdgeNode node, String why) {
        while (!node.held.isEmpty()) {
            giveUp(node, node.held.poll(), why);
        }
    }

    private void askIfDue(EdgeNode node, long nowMicros) {
        if (node.rebirth.isDue(nowMicros) && rooms.pace().mayAsk(nowMicros)) {
            node.rebirth.asked(nowMicros);
            note(Note.REBIRTH, 1);
            effects.add(new Effect.AskForBirth(node.id));
        }
    }

    private void define(Subject subject, Definitions born) throws MalformedPayload {
        if (!rooms.define(HostRooms.size(subject.definitions), born.size())) {
            throw new MalformedPayload(
                    Reason.SPARKPLUG, "more metrics than there is room for, of this edge node or of all");
        }
        subject.definitions = born;
    }

    private void undefine(Subject subject) {
        rooms.define(HostRooms.size(subject.definitions), 0);
        subject.definitions = null;
    }

    private void read(
            Subject subject,
            Definitions defined,
            @Nullable Definitions former,
            Arrival arrival,
            Payload payload,
            List<Presence> presence) {
        MetricReadings readings =
                MetricReadings.of(arrival.message(), subject.key, payload, defined, former, funnelLimits);
        note(Note.NULL_VALUE, readings.nulls());
        note(Note.TRANSIENT, readings.transients());
        judged(arrival, readings.outcome(), presence);
    }

    private void refuse(Arrival arrival, @Nullable DeviceKey device, Reason reason, String detail) {
        judged(arrival, Outcome.refused(device, Refusal.ofMessage(reason, detail)), List.of());
    }

    private void judged(Arrival arrival, Outcome outcome, List<Presence> presence) {
        effects.add(new Effect.Judged(arrival, outcome, presence));
    }

    private void note(Note note, int count) {
        if (count > 0) {
            effects.add(new Effect.Noted(note, count));
        }
    }

    private List<Effect> taken() {
        List<Effect> result = effects;
        effects = new ArrayList<>();
        return result;
    }

    private static int hash(Arrival arrival) {
        return Arrays.hashCode(arrival.message().payload());
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / NANOS_PER_MICRO;
    }
}
