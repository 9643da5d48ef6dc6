package dev.heliograph.ingest.mqtt;

import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.MALFORMED_PACKET;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.PROTOCOL_ERROR;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.QOS_NOT_SUPPORTED;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.RECEIVE_MAXIMUM_EXCEEDED;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.RETAIN_NOT_SUPPORTED;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.TOPIC_ALIAS_INVALID;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.UNSPECIFIED_ERROR;

import dev.heliograph.ingest.funnel.Address;
import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Excess;
import dev.heliograph.ingest.intake.IntakeCounters.Result;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.TokenBucket;
import dev.heliograph.ingest.sparkplug.EdgeNodeLink;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one connection: in through the intake, out as acknowledgements in order. A PUBACK that says success
 * leaves only after Kafka has the message on all in-sync replicas.
 *
 * <p>Runs on the connection's event loop. Where a bound is reached the socket is not read; what one read had already
 * brought is still taken.
 */
final class PublishFlow {
    private static final Logger LOG = LoggerFactory.getLogger(PublishFlow.class);
    private static final int PAUSED_BY_WINDOW = 1;
    private static final int PAUSED_BY_INSTANCE = 2;
    private static final int PAUSED_BY_RATE = 4;
    private static final int PAUSED_BY_END = 8;
    private static final int PAUSED_BY_WRITES = 16;

    /** Of a PUBLISH to the device, beside topic and payload: fixed header, length of the topic, no properties. */
    private static final int PUBLISH_OVERHEAD_BYTES = 8;

    private static final double SECONDS_PER_MINUTE = 60;
    private static final long LONGEST_HOLD_UP_AFTER_REFUSAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Channel channel;
    private final Peer peer;
    private final EndpointContext context;
    private final Ending ending;
    private final InFlightQueue queue;
    private final Allowance allowance;
    private final TokenBucket errorRate;
    private final int maxQueued;
    private final long strand;
    private final long beganMicros;
    private int pausedBy;
    private boolean wantsErrors;
    private @Nullable Runnable whenEmpty;
    private @Nullable ByteBuf plainAcks;
    private @Nullable EdgeNodeLink edgeNode;

    /** How the connection is ended by an MQTT 5 reason code, or simply closed for MQTT 3.1.1. */
    interface Ending {
        void end(MqttReasonCodes.Disconnect code, String reason);

        /** Another connection has taken the place of this one. */
        void takenOver();

        /** The socket is read again after a pause: the silence was ours, not the device's. */
        void readingAgain();
    }

    /** @param beganMicros when the connection began */
    PublishFlow(Channel channel, Peer peer, long beganMicros, EndpointContext context, Ending ending) {
        this.channel = channel;
        this.beganMicros = beganMicros;
        this.peer = peer;
        this.context = context;
        this.ending = ending;
        this.queue = new InFlightQueue(() -> onLoop(this::acknowledge));
        this.allowance = context.allowances().of(peer.device());
        this.strand = context.intake().newStrand();
        int errorsPerMinute = context.settings().errorsPerMinute();
        this.errorRate =
                new TokenBucket(errorsPerMinute / SECONDS_PER_MINUTE, Math.max(1, errorsPerMinute), System.nanoTime());
        // An MQTT 5 device that ignores the receive maximum is told so; others are only not read for a while.
        this.maxQueued = context.settings().receiveMaximum() * (peer.mqtt5() ? 2 : 1);
    }

    void publish(MqttPublishMessage message) {
        if (breaksProtocol(message)) {
            return;
        }
        String topic = message.variableHeader().topicName();
        boolean acknowledge = message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE;
        int packetId = message.variableHeader().packetId();
        Address address = peer.topics().address(topic);
        Kind kind = address.isGood() ? Kind.TELEMETRY : kind(topic);
        if (kind == Kind.FOREIGN) {
            refuseTopic(packetId, acknowledge);
        } else if (withinRate(kind, message.payload().readableBytes(), packetId, acknowledge)) {
            InFlightQueue.Entry entry = queue.add(packetId, acknowledge, topic);
            RawMessage raw = raw(message, topic);
            switch (kind) {
                case TELEMETRY -> pauseUnless(context.intake().submit(raw, address, allowance, entry::answered));
                case SPARKPLUG -> pauseUnless(edgeNode().arrived(raw, entry::answered));
                case STATUS -> takeStatus(raw, entry);
                case FOREIGN -> throw new IllegalStateException("refused before");
            }
            if (queue.size() >= maxQueued) {
                pause(PAUSED_BY_WINDOW);
            }
        }
    }

    /** What a topic is to the device that publishes to it. */
    private enum Kind {
        TELEMETRY,
        STATUS,
        SPARKPLUG,
        FOREIGN
    }

    /** Of a topic that the mapping table does not know as the device's. */
    private Kind kind(String topic) {
        if (peer.topics().isStatus(topic)) {
            return Kind.STATUS;
        }
        return mayBeEdgeNode(topic) && edgeNode().mayPublish(topic) ? Kind.SPARKPLUG : Kind.FOREIGN;
    }

    private boolean mayBeEdgeNode(String topic) {
        return context.edgeNodes() != null && topic.startsWith(EdgeNodes.PREFIX);
    }

    private EdgeNodeLink edgeNode() {
        EdgeNodeLink known = edgeNode;
        if (known == null) {
            known = Objects.requireNonNull(context.edgeNodes())
                    .link(
                            peer.device(),
                            beganMicros,
                            allowance,
                            context.settings().receiveMaximum(),
                            new EdgeNodeLine());
            edgeNode = known;
        }
        return known;
    }

    /** The way from the host application to the edge node. */
    private final class EdgeNodeLine implements EdgeNodes.Line {
        @Override
        public void publish(String topic, byte[] payload) {
            if (channel.eventLoop().inEventLoop()) {
                tell(topic, payload);
                channel.flush();
            } else {
                onLoop(() -> publish(topic, payload));
            }
        }

        @Override
        public void takenOver() {
            onLoop(ending::takenOver);
        }

        @Override
        public void later(Runnable task, Duration delay) {
            try {
                channel.eventLoop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException gone) {
                LOG.debug("The event loop has ended before what waited for a birth", gone);
            }
        }
    }

    /** Subscribes to what an edge node hears; says whether the device may. */
    boolean subscribe(String filter) {
        return mayBeEdgeNode(filter) && edgeNode().subscribe(filter);
    }

    /** Ends such a subscription; says whether it could have been one. */
    boolean unsubscribe(String filter) {
        return edgeNode != null && edgeNode.unsubscribe(filter);
    }

    /** The subscriptions are acknowledged. */
    void subscribed() {
        if (edgeNode != null) {
            edgeNode.subscribed();
        }
    }

    /** The connection stands. A device whose Will is its death is an edge node, before it has said so otherwise. */
    void connected() {
        Will will = peer.will();
        if (will != null && mayBeEdgeNode(will.topic())) {
            edgeNode().mayPublish(will.topic());
        }
    }

    /** The connection has ended. */
    void ended(String why, EdgeNodeLink.End how) {
        if (edgeNode != null) {
            edgeNode.ended(why, how);
        }
    }

    /** Takes a Will as if the device had just published it. Nobody waits for its acknowledgement. */
    void publishWill(Will will) {
        if (peer.topics().isStatus(will.topic())) {
            String text = new String(will.payload(), StandardCharsets.UTF_8);
            context.presence()
                    .sendOfConnection(
                            peer.device(),
                            PresenceEvents.Kind.WILL,
                            dev.heliograph.ingest.funnel.Printable.cut(text, Refusal.MAX_DETAIL_LENGTH),
                            beganMicros);
        } else {
            RawMessage raw = new RawMessage(
                    will.topic(),
                    will.payload(),
                    peer.device(),
                    null,
                    false,
                    0,
                    nowMicros(),
                    Transport.MQTT,
                    IntakeMode.LIVE,
                    strand);
            if (mayBeEdgeNode(will.topic()) && !peer.topics().isTelemetry(will.topic())) {
                edgeNode().died(raw);
            } else {
                context.intake().submit(raw, allowance, (outcome, failure) -> {});
            }
        }
    }

    void wantErrors(boolean wanted) {
        wantsErrors = wanted;
    }

    /** While the device does not read, nothing more is read from it: what it is sent in answer must not pile up here. */
    void writable(boolean writable) {
        if (writable) {
            resume(PAUSED_BY_WRITES);
        } else {
            pause(PAUSED_BY_WRITES);
        }
    }

    boolean isPaused() {
        return pausedBy != 0;
    }

    /** Reads no more, and runs the task when everything that was read is acknowledged. */
    void drain(Runnable whenEmpty) {
        pause(PAUSED_BY_END);
        if (edgeNode != null) {
            edgeNode.leaving();
        }
        if (queue.size() == 0) {
            whenEmpty.run();
        } else {
            this.whenEmpty = whenEmpty;
        }
    }

    private boolean breaksProtocol(MqttPublishMessage message) {
        if (message.fixedHeader().qosLevel() == MqttQoS.EXACTLY_ONCE) {
            ending.end(QOS_NOT_SUPPORTED, "QoS 2 is not available; the maximum is 1");
        } else if (peer.mqtt5() && message.fixedHeader().isRetain()) {
            ending.end(RETAIN_NOT_SUPPORTED, "retain is not available");
        } else if (message.variableHeader().properties().getProperty(MqttProperties.TOPIC_ALIAS) != null) {
            ending.end(TOPIC_ALIAS_INVALID, "the topic alias maximum is 0");
        } else if (message.variableHeader().topicName().isEmpty()) {
            ending.end(PROTOCOL_ERROR, "no topic");
        } else if (!WellFormed.text(message.variableHeader().topicName())) {
            ending.end(MALFORMED_PACKET, "the topic is not well-formed UTF-8");
        } else if (peer.mqtt5()
                && message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE
                && queue.unacknowledged() >= context.settings().receiveMaximum()) {
            ending.end(
                    RECEIVE_MAXIMUM_EXCEEDED,
                    "the receive maximum is " + context.settings().receiveMaximum());
        } else {
            return false;
        }
        context.intake().counters().count(Transport.MQTT, Result.REFUSED);
        return true;
    }

    private void refuseTopic(int packetId, boolean acknowledge) {
        context.intake().counters().count(Transport.MQTT, Result.REFUSED);
        if (!peer.mqtt5()) {
            // MQTT 3.1.1 has no way to say no to a message but to close (MQTT-3.3.5-2).
            ending.end(MqttReasonCodes.Disconnect.NOT_AUTHORIZED, "not your topic");
        } else if (acknowledge) {
            queue.add(packetId, true, "").refused(MqttReasonCodes.PubAck.NOT_AUTHORIZED.byteValue(), "not your topic");
        }
    }

    /**
     * An MQTT 5 device over a limit is told by 0x97, and not read for a moment. An MQTT 3.1.1 device cannot be told, and silence would lose the
     * message: it is taken, and the socket not read until the rate is kept again. So it is with an edge node, whose data has
     * QoS 0 and whose births must not be missed.
     */
    private boolean withinRate(Kind kind, int payloadBytes, int packetId, boolean acknowledge) {
        boolean canBeTold = peer.mqtt5() && kind != Kind.SPARKPLUG;
        Excess excess = canBeTold ? allowance.tryTake(payloadBytes) : allowance.takeOnCredit(payloadBytes);
        if (excess == null) {
            return true;
        }
        context.intake().counters().throttled(excess);
        if (!canBeTold) {
            holdUp(excess.waitNanos());
            return true;
        }
        context.intake().counters().count(Transport.MQTT, Result.THROTTLED);
        // It may send again at once, and as fast as it can: what it costs to refuse that must be bounded too.
        holdUp(Math.min(excess.waitNanos(), LONGEST_HOLD_UP_AFTER_REFUSAL_NANOS));
        if (acknowledge) {
            queue.add(packetId, true, "").refused(MqttReasonCodes.PubAck.QUOTA_EXCEEDED.byteValue(), excess.describe());
        }
        return false;
    }

    private void holdUp(long waitNanos) {
        if (waitNanos > 0 && (pausedBy & PAUSED_BY_RATE) == 0) {
            pause(PAUSED_BY_RATE);
            channel.eventLoop().schedule(() -> resume(PAUSED_BY_RATE), waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void pauseUnless(boolean room) {
        if (!room && (pausedBy & PAUSED_BY_INSTANCE) == 0) {
            pause(PAUSED_BY_INSTANCE);
            context.intake().budget().whenRoom(allowance.share(), () -> onLoop(() -> resume(PAUSED_BY_INSTANCE)));
        }
    }

    private void takeStatus(RawMessage raw, InFlightQueue.Entry entry) {
        PresenceEvents.Kind kind = switch (new String(raw.payload(), StandardCharsets.UTF_8)) {
            case "online" -> PresenceEvents.Kind.STATUS_ONLINE;
            case "offline" -> PresenceEvents.Kind.STATUS_OFFLINE;
            default -> null;
        };
        if (kind == null) {
            Refusal refusal = Refusal.ofMessage(Reason.SHAPE, "a status is online or offline");
            Outcome outcome = Outcome.refused(peer.device(), refusal);
            context.intake().refuse(raw, raw.principal(), refusal, failure -> entry.answered(outcome, failure));
        } else {
            context.presence().send(peer.device(), kind, null, entry::completed);
        }
    }

    private RawMessage raw(MqttPublishMessage message, String topic) {
        MqttProperties properties = message.variableHeader().properties();
        String contentType =
                properties.getProperty(MqttProperties.CONTENT_TYPE) instanceof MqttProperties.StringProperty property
                        ? property.value()
                        : null;
        int userProperties = properties.isEmpty()
                ? 0
                : properties.getProperties(MqttProperties.USER_PROPERTY).size();
        return new RawMessage(
                topic,
                ByteBufUtil.getBytes(message.payload()),
                peer.device(),
                contentType,
                isText(properties),
                userProperties,
                nowMicros(),
                Transport.MQTT,
                IntakeMode.LIVE,
                strand);
    }

    private static boolean isText(MqttProperties properties) {
        return properties.getProperty(MqttProperties.PAYLOAD_FORMAT_INDICATOR)
                        instanceof MqttProperties.IntegerProperty indicator
                && indicator.value() == 1;
    }

    private long nowMicros() {
        return Micros.of(context.clock().instant());
    }

    /** Writes what has become safe, in order, and flushes once. */
    private void acknowledge() {
        if (!channel.isActive()) {
            queue.drain(entry -> {});
            return;
        }
        queue.drain(this::acknowledge);
        writePlainAcks();
        channel.flush();
        if (queue.size() <= maxQueued / 2) {
            resume(PAUSED_BY_WINDOW);
        }
        Runnable ended = whenEmpty;
        if (ended != null && queue.size() == 0) {
            whenEmpty = null;
            ended.run();
        }
    }

    private void acknowledge(InFlightQueue.Entry entry) {
        Throwable failure = entry.failure();
        if (failure != null) {
            LOG.debug("A message of {} could not be stored", peer.device(), failure);
            ending.end(UNSPECIFIED_ERROR, "the message could not be stored; send it again");
            return;
        }
        Outcome outcome = entry.outcome();
        String refusal = entry.refusal();
        if (outcome != null && !outcome.isClean()) {
            tellErrors(entry.topic, outcome);
        }
        if (!entry.acknowledge) {
            return;
        }
        if (refusal != null) {
            write(Replies.pubAck(entry.packetId, entry.refusalCode(), peer.wantsReasons() ? refusal : null));
        } else if (outcome == null || outcome.isClean() || !peer.mqtt5()) {
            plainAcks().ensureWritable(Replies.PLAIN_PUBACK_BYTES);
            Replies.writePlainPubAck(plainAcks(), entry.packetId);
        } else {
            byte code = outcome.isRefused()
                    ? code(outcome.refusals().getFirst().reason()).byteValue()
                    : MqttReasonCodes.PubAck.SUCCESS.byteValue();
            write(Replies.pubAck(entry.packetId, code, peer.wantsReasons() ? describe(outcome) : null));
        }
    }

    private static MqttReasonCodes.PubAck code(Reason reason) {
        return switch (reason) {
            case TOPIC -> MqttReasonCodes.PubAck.TOPIC_NAME_INVALID;
            case UNKNOWN_DEVICE -> MqttReasonCodes.PubAck.NOT_AUTHORIZED;
            // Not for CARDINALITY: the message is in the quarantine, and quota exceeded asks to send it again, for
            // ever.
            case RATE -> MqttReasonCodes.PubAck.QUOTA_EXCEEDED;
            case INTERNAL -> MqttReasonCodes.PubAck.IMPLEMENTATION_SPECIFIC_ERROR;
            default -> MqttReasonCodes.PubAck.PAYLOAD_FORMAT_INVALID;
        };
    }

    private static String describe(Outcome outcome) {
        int more = outcome.refusals().size() - 1;
        String first = outcome.refusals().getFirst().describe();
        return more == 0 ? first : first + " (and " + more + " more)";
    }

    private void tellErrors(String topic, Outcome outcome) {
        if (!wantsErrors || !channel.isWritable() || !errorRate.tryTake(System.nanoTime())) {
            return;
        }
        tell(peer.topics().errors(), ErrorNotice.encode(topic, outcome));
    }

    private void tell(String topic, byte[] payload) {
        boolean fits = payload.length + ByteBufUtil.utf8Bytes(topic) + PUBLISH_OVERHEAD_BYTES <= peer.maxPacketBytes();
        if (fits && channel.isWritable()) {
            write(Replies.publish(topic, Unpooled.wrappedBuffer(payload)));
        }
    }

    private ByteBuf plainAcks() {
        ByteBuf acks = plainAcks;
        if (acks == null) {
            acks = channel.alloc().buffer(Replies.PLAIN_PUBACK_BYTES * 16);
            plainAcks = acks;
        }
        return acks;
    }

    private void writePlainAcks() {
        ByteBuf acks = plainAcks;
        if (acks != null) {
            plainAcks = null;
            channel.write(acks, channel.voidPromise());
        }
    }

    private void write(MqttMessage message) {
        writePlainAcks();
        channel.write(message, channel.voidPromise());
    }

    private void pause(int why) {
        if (pausedBy == 0) {
            channel.config().setAutoRead(false);
        }
        pausedBy |= why;
    }

    private void resume(int why) {
        if ((pausedBy & why) == 0) {
            return;
        }
        pausedBy &= ~why;
        if (pausedBy == 0 && channel.isActive()) {
            ending.readingAgain();
            channel.config().setAutoRead(true);
        }
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException gone) {
            LOG.debug("The event loop has ended before the last acknowledgement", gone);
        }
    }
}
