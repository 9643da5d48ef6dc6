package dev.heliograph.ingest.mqtt;

import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.KEEP_ALIVE_TIMEOUT;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.MALFORMED_PACKET;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.NOT_AUTHORIZED;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.PACKET_TOO_LARGE;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.PROTOCOL_ERROR;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.SESSION_TAKEN_OVER;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
import static io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect.UNSPECIFIED_ERROR;

import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.mqtt.EndpointCounters.Closed;
import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.ingest.sparkplug.EdgeNodeLink;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.model.reading.Micros;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: CONNECT, the life after it, and its end. MQTT 5 and 3.1.1, session expiry 0. Everything but
 * {@link Sessions.Session} runs on the connection's event loop.
 */
final class MqttConnection extends SimpleChannelInboundHandler<MqttMessage>
        implements Sessions.Session, PublishFlow.Ending {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);
    private static final int NOT_AUTHORIZED_SUBACK = 0x87;
    private static final int FAILURE_SUBACK_311 = 0x80;
    private static final short NO_SUBSCRIPTION_EXISTED = 0x11;
    private static final int HALVES_OF_KEEP_ALIVE = 3;

    /** How long the last word to a device may take to leave. */
    private static final long GOODBYE_SECONDS = 5;

    private final EndpointContext context;
    private final ConnectPolicy policy;
    private final Channel channel;
    private final InetAddress address;
    private @Nullable Established established;
    private boolean settled;
    private boolean packetWatched;
    private long incompleteSinceNanos;
    private long unwritableSinceNanos;
    private boolean ended;
    private boolean willDiscarded;
    private EdgeNodeLink.End how = EdgeNodeLink.End.GONE;
    private String endedBecause = "connection lost";
    private long beganMicros;
    private long lastReadNanos = System.nanoTime();

    /** What there is once CONNECT was accepted. */
    private record Established(Peer peer, PublishFlow flow) {}

    /** A connection of a socket that the {@link AddressGuard} has admitted. */
    MqttConnection(EndpointContext context, ConnectPolicy policy, Channel channel, InetAddress address) {
        this.context = context;
        this.policy = policy;
        this.channel = channel;
        this.address = address;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext handler) {
        context.sockets().incrementAndGet();
        channel.closeFuture().addListener(closed -> {
            context.sockets().decrementAndGet();
            settle();
        });
        handler.executor()
                .schedule(
                        this::closeUnlessConnected,
                        context.settings().connectTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void closeUnlessConnected() {
        if (established == null && !ended) {
            ended = true;
            context.counters().closed(Closed.CONNECT_TIMEOUT);
            channel.close();
        }
    }

    private void settle() {
        if (!settled) {
            settled = true;
            context.guard().settled(address);
        }
    }

    /** Bytes have come, and perhaps not yet the whole packet. Told before the decoder sees them. */
    void bytesRead() {
        if (incompleteSinceNanos == 0) {
            incompleteSinceNanos = System.nanoTime();
            if (!packetWatched && established != null) {
                watchPacket(context.settings().packetTimeout().toNanos());
            }
        }
    }

    private void watchPacket(long delayNanos) {
        packetWatched = true;
        channel.eventLoop().schedule(this::checkPacket, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void checkPacket() {
        packetWatched = false;
        Established now = established;
        if (ended || now == null || incompleteSinceNanos == 0) {
            return;
        }
        if (now.flow().isPaused()) {
            incompleteSinceNanos = System.nanoTime();
        }
        long limit = context.settings().packetTimeout().toNanos();
        long since = System.nanoTime() - incompleteSinceNanos;
        if (since >= limit) {
            context.counters().closed(Closed.PACKET_TIMEOUT);
            end(PROTOCOL_ERROR, "a packet was not complete in time");
        } else {
            watchPacket(limit - since);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext handler) {
        Established now = established;
        if (now != null) {
            now.flow().writable(channel.isWritable());
            if (!channel.isWritable() && unwritableSinceNanos == 0) {
                unwritableSinceNanos = System.nanoTime();
                watchWrites(context.settings().writeTimeout().toNanos());
            } else if (channel.isWritable()) {
                unwritableSinceNanos = 0;
            }
        }
        handler.fireChannelWritabilityChanged();
    }

    private void watchWrites(long delayNanos) {
        long began = unwritableSinceNanos;
        channel.eventLoop()
                .schedule(
                        () -> {
                            if (unwritableSinceNanos == began && !channel.isWritable() && channel.isActive()) {
                                context.counters().closed(Closed.WRITE_TIMEOUT);
                                endedBecause = "did not read what it was sent";
                                // A word to it would only join what it does not read.
                                channel.close();
                            }
                        },
                        delayNanos,
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext handler, MqttMessage message) {
        if (ended) {
            return;
        }
        lastReadNanos = System.nanoTime();
        incompleteSinceNanos = 0;
        Established now = established;
        if (message.decoderResult().isFailure()) {
            malformed(message);
        } else if (now == null) {
            if (message instanceof MqttConnectMessage connect) {
                connect(connect);
            } else {
                // Not a device: no answer, no log line for each packet.
                channel.close();
            }
        } else {
            serve(now, message);
        }
    }

    /** One flush for all that was answered to one read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext handler) {
        handler.flush();
        handler.fireChannelReadComplete();
    }

    private void serve(Established now, MqttMessage message) {
        switch (message.fixedHeader().messageType()) {
            case PUBLISH -> now.flow().publish((MqttPublishMessage) message);
            case PINGREQ -> channel.write(Replies.pong());
            case SUBSCRIBE -> subscribe(now, (MqttSubscribeMessage) message);
            case UNSUBSCRIBE -> unsubscribe(now, (MqttUnsubscribeMessage) message);
            case DISCONNECT -> disconnect(message);
            case CONNECT -> end(PROTOCOL_ERROR, "a second CONNECT");
            default -> end(PROTOCOL_ERROR, "unexpected " + message.fixedHeader().messageType());
        }
    }

    private void connect(MqttConnectMessage connect) {
        boolean mqtt5 = connect.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel();
        switch (policy.decide(connect, certificates())) {
            case ConnectPolicy.Decision.Refused refused -> refuse(refused.refusal(), mqtt5);
            case ConnectPolicy.Decision.Accepted accepted -> establish(accepted.peer());
        }
    }

    private X509Certificate @Nullable [] certificates() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return null;
        }
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
        } catch (SSLPeerUnverifiedException noneShown) {
            return null;
        }
    }

    private void refuse(ConnectRefusal refusal, boolean mqtt5) {
        ended = true;
        LOG.debug("CONNECT refused: {}", refusal.words());
        context.counters().refused(refusal);
        if (context.guard().mayAnswerAtOnce(address)) {
            answerRefused(refusal, mqtt5);
        } else {
            // Whoever goes on being refused is answered late: good devices behind the same address are not delayed.
            long millis = context.settings().admission().failureDelay().toMillis();
            channel.eventLoop().schedule(() -> answerRefused(refusal, mqtt5), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void answerRefused(ConnectRefusal refusal, boolean mqtt5) {
        channel.writeAndFlush(Replies.connectRefused(refusal, mqtt5)).addListener(ChannelFutureListener.CLOSE);
        closeSoon();
    }

    /** For the peer that does not read its last packet. */
    private void closeSoon() {
        channel.eventLoop().schedule(() -> channel.close(), GOODBYE_SECONDS, TimeUnit.SECONDS);
    }

    private void establish(Peer peer) {
        beganMicros = Micros.of(context.clock().instant());
        established = new Established(peer, new PublishFlow(channel, peer, beganMicros, context, this));
        if (!context.sessions().add(this, SESSION_TAKEN_OVER.byteValue())) {
            established = null;
            refuse(ConnectRefusal.QUOTA, peer.mqtt5());
            return;
        }
        // Between the check of the credential and now it may have been revoked, and the revocation not have found us.
        if (!context.devices().isValid(peer.credential())) {
            end(NOT_AUTHORIZED, "revoked");
            return;
        }
        settle();
        context.counters().accepted();
        channel.writeAndFlush(Replies.connected(peer.mqtt5() ? announcement(peer) : MqttProperties.NO_PROPERTIES));
        context.presence().sendOfConnection(peer.device(), PresenceEvents.Kind.CONNECTED, null, beganMicros);
        established().flow().connected();
        watchKeepAlive(peer);
    }

    private MqttProperties announcement(Peer peer) {
        MqttMessageBuilders.ConnAckPropertiesBuilder properties = new MqttMessageBuilders.ConnAckPropertiesBuilder()
                .sessionExpiryInterval(0)
                .receiveMaximum(context.settings().receiveMaximum())
                .maximumQos((byte) 1)
                .retainAvailable(false)
                .maximumPacketSize(context.settings().maxPacketBytes())
                .topicAliasMaximum(0)
                .wildcardSubscriptionAvailable(isEdgeNode(peer))
                .subscriptionIdentifiersAvailable(false)
                .sharedSubscriptionAvailable(false);
        if (peer.assigned()) {
            properties.assignedClientId(peer.clientId());
        }
        if (peer.keepAliveOverruled()) {
            properties.serverKeepAlive(peer.keepAliveSeconds());
        }
        return properties.build();
    }

    /** An edge node subscribes to commands for all its devices by a wildcard, and its client would refuse to. */
    private static boolean isEdgeNode(Peer peer) {
        Will will = peer.will();
        return will != null && EdgeNodes.isDeathOf(will.topic(), peer.device());
    }

    /** One and a half keep-alives without a packet end the connection, unless it is we who do not read. */
    private void watchKeepAlive(Peer peer) {
        if (peer.keepAliveSeconds() == 0) {
            return;
        }
        long limitNanos = TimeUnit.SECONDS.toNanos(peer.keepAliveSeconds()) * HALVES_OF_KEEP_ALIVE / 2;
        channel.eventLoop().schedule(() -> checkKeepAlive(limitNanos), limitNanos, TimeUnit.NANOSECONDS);
    }

    private void checkKeepAlive(long limitNanos) {
        Established now = established;
        if (ended || now == null || !channel.isActive()) {
            return;
        }
        long silentNanos = now.flow().isPaused() ? 0 : System.nanoTime() - lastReadNanos;
        if (silentNanos >= limitNanos) {
            context.counters().closed(Closed.KEEP_ALIVE);
            end(KEEP_ALIVE_TIMEOUT, "nothing received for one and a half times the keep-alive");
        } else {
            channel.eventLoop()
                    .schedule(() -> checkKeepAlive(limitNanos), limitNanos - silentNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void subscribe(Established now, MqttSubscribeMessage message) {
        boolean mqtt5 = now.peer().mqtt5();
        MqttProperties properties = message.idAndPropertiesVariableHeader().properties();
        if (properties.getProperty(MqttProperties.SUBSCRIPTION_IDENTIFIER) != null) {
            end(SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, "subscription identifiers are not available");
            return;
        }
        List<Integer> codes = new ArrayList<>();
        for (MqttTopicSubscription subscription : message.payload().topicSubscriptions()) {
            if (!WellFormed.text(subscription.topicFilter())) {
                end(MALFORMED_PACKET, "a filter is not well-formed UTF-8");
                return;
            }
            boolean own = now.peer().topics().isErrors(subscription.topicFilter());
            if (own) {
                now.flow().wantErrors(true);
            }
            boolean granted = own || now.flow().subscribe(subscription.topicFilter());
            codes.add(granted ? 0 : mqtt5 ? NOT_AUTHORIZED_SUBACK : FAILURE_SUBACK_311);
        }
        if (codes.isEmpty()) {
            end(PROTOCOL_ERROR, "SUBSCRIBE without a filter");
            return;
        }
        channel.write(Replies.subAck(message.variableHeader().messageId(), mqtt5, codes));
        now.flow().subscribed();
    }

    private void unsubscribe(Established now, MqttUnsubscribeMessage message) {
        List<Short> codes = new ArrayList<>();
        for (String filter : message.payload().topics()) {
            boolean own = now.peer().topics().isErrors(filter);
            if (own) {
                now.flow().wantErrors(false);
            }
            codes.add(own || now.flow().unsubscribe(filter) ? (short) 0 : NO_SUBSCRIPTION_EXISTED);
        }
        channel.write(Replies.unsubAck(
                message.variableHeader().messageId(), now.peer().mqtt5(), codes));
    }

    private void disconnect(MqttMessage message) {
        ended = true;
        endedBecause = "disconnected by the device";
        willDiscarded = !(message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                && header.reasonCode() == MqttReasonCodes.Disconnect.DISCONNECT_WITH_WILL_MESSAGE.byteValue());
        channel.close();
    }

    private void malformed(MqttMessage message) {
        Throwable cause = message.decoderResult().cause();
        if (established != null) {
            if (cause instanceof TooLongFrameException) {
                end(
                        PACKET_TOO_LARGE,
                        "the maximum packet size is " + context.settings().maxPacketBytes());
            } else {
                end(MALFORMED_PACKET, "malformed packet");
            }
            return;
        }
        boolean mqtt5 = message.variableHeader() instanceof MqttConnectVariableHeader header
                && header.version() == MqttVersion.MQTT_5.protocolLevel();
        if (cause instanceof MqttUnacceptableProtocolVersionException) {
            refuse(ConnectRefusal.VERSION, false);
        } else if (cause instanceof MqttIdentifierRejectedException) {
            refuse(ConnectRefusal.CLIENT_ID, mqtt5);
        } else if (mqtt5) {
            refuse(cause instanceof TooLongFrameException ? ConnectRefusal.TOO_LARGE : ConnectRefusal.MALFORMED, true);
        } else {
            ended = true;
            channel.close();
        }
    }

    @Override
    public void end(MqttReasonCodes.Disconnect code, String reason) {
        end(code, reason, false);
    }

    private void end(MqttReasonCodes.Disconnect code, String reason, boolean discardWill) {
        Established now = established;
        if (ended || now == null) {
            return;
        }
        ended = true;
        willDiscarded = discardWill;
        endedBecause = reason;
        if (now.peer().mqtt5()) {
            channel.writeAndFlush(
                            Replies.disconnect(code.byteValue(), now.peer().wantsReasons() ? reason : null))
                    .addListener(ChannelFutureListener.CLOSE);
            closeSoon();
        } else {
            channel.close();
        }
    }

    @Override
    public void readingAgain() {
        lastReadNanos = System.nanoTime();
        incompleteSinceNanos = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext handler) {
        Established now = established;
        if (now != null) {
            ended = true;
            OptionalLong newestBegan = context.sessions().remove(this);
            Will will = now.peer().will();
            if (will != null && !willDiscarded) {
                now.flow().publishWill(will);
            }
            now.flow().ended(endedBecause, how);
            newestBegan.ifPresent(began -> context.presence()
                    .sendOfConnection(now.peer().device(), PresenceEvents.Kind.DISCONNECTED, endedBecause, began));
        }
        handler.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
        if (established == null && (cause instanceof SSLException || cause.getCause() instanceof SSLException)) {
            context.counters().closed(Closed.HANDSHAKE);
        }
        if (cause instanceof IOException || established == null) {
            // A reset, a port scan, a failed handshake: the sender's affair, and it can make as many as it likes.
            LOG.debug("Connection failed", cause);
            channel.close();
        } else if (cause instanceof DecoderException) {
            // A frame of WebSocket or a record of TLS that is none.
            LOG.debug("Malformed bytes", cause);
            end(MALFORMED_PACKET, "malformed frame");
        } else {
            LOG.error("Fault while serving {}", established.peer().device(), cause);
            end(UNSPECIFIED_ERROR, "internal fault");
        }
    }

    @Override
    public X509Certificate @Nullable [] certificatesShown() {
        return established().peer().certificates();
    }

    @Override
    public Credential credential() {
        return established().peer().credential();
    }

    @Override
    public String clientId() {
        return established().peer().clientId();
    }

    @Override
    public long beganMicros() {
        return beganMicros;
    }

    @Override
    public void end(byte reasonCode, String reason) {
        // Taken over or revoked: the device itself is there, or shall not be heard; its Will would say something else.
        onLoop(() -> {
            how = reasonCode == SESSION_TAKEN_OVER.byteValue() ? EdgeNodeLink.End.REPLACED : EdgeNodeLink.End.GONE;
            end(MqttReasonCodes.Disconnect.valueOf(reasonCode), reason, true);
        });
    }

    @Override
    public void takenOver() {
        how = EdgeNodeLink.End.REPLACED;
        end(SESSION_TAKEN_OVER, "another connection speaks for this edge node", true);
    }

    @Override
    public void drain(byte reasonCode, String reason) {
        onLoop(() -> {
            how = EdgeNodeLink.End.SENT_AWAY;
            established().flow().drain(() -> end(MqttReasonCodes.Disconnect.valueOf(reasonCode), reason, true));
        });
    }

    private Established established() {
        Established now = established;
        if (now == null) {
            throw new IllegalStateException("only an established connection is a session");
        }
        return now;
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException gone) {
            LOG.debug("The event loop has ended before the connection", gone);
        }
    }
}
