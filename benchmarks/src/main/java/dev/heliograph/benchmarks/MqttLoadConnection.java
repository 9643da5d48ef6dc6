package dev.heliograph.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One device connection of the load: MQTT 5, QoS 1, with a bounded number of messages awaiting their PUBACK. */
final class MqttLoadConnection {
    /** Hears of each PUBACK, on the event loop. */
    interface Acknowledged {
        /** @param tag what was handed to {@link #publish} */
        void onAcknowledged(long tag);
    }

    private static final int MAX_PACKET_BYTES = 65_536;
    private static final int IDS = 65_535;

    private final Channel channel;
    private final String topic;
    private final int window;
    private final long[] tags = new long[IDS + 1];
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong acknowledged;
    private final AtomicLong refused;
    private int nextId = 1;

    private MqttLoadConnection(Channel channel, String topic, int window, AtomicLong acknowledged, AtomicLong refused) {
        this.channel = channel;
        this.topic = topic;
        this.window = window;
        this.acknowledged = acknowledged;
        this.refused = refused;
    }

    /** Connects a device; completes with the connection once the gateway has accepted it. */
    static CompletableFuture<MqttLoadConnection> connect(
            EventLoopGroup loop,
            Target target,
            String tenant,
            String device,
            String password,
            int window,
            Counters counters,
            Acknowledged listener) {
        CompletableFuture<MqttLoadConnection> ready = new CompletableFuture<>();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        MqttLoadConnection connection = new MqttLoadConnection(
                                channel,
                                "iot/v1/" + tenant + "/" + device + "/telemetry",
                                window,
                                counters.acknowledged(),
                                counters.refused());
                        channel.pipeline()
                                .addLast(
                                        MqttEncoder.INSTANCE,
                                        new MqttDecoder(MAX_PACKET_BYTES),
                                        connection
                                        .new Inbound(tenant + "/" + device, device, password, ready, listener));
                    }
                })
                .connect(target.mqttHost, target.mqttPort)
                .addListener(result -> {
                    if (!result.isSuccess()) {
                        ready.completeExceptionally(result.cause());
                    }
                });
        return ready;
    }

    /** Counts of all connections of a run. */
    record Counters(AtomicLong acknowledged, AtomicLong refused) {
        Counters() {
            this(new AtomicLong(), new AtomicLong());
        }
    }

    boolean mayPublish() {
        return inFlight.get() < window && channel.isWritable();
    }

    /** Publishes; to be called by one thread at a time. The tag comes back with the PUBACK. */
    void publish(String payload, long tag) {
        int id = nextId;
        nextId = id == IDS ? 1 : id + 1;
        tags[id] = tag;
        inFlight.incrementAndGet();
        channel.writeAndFlush(MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .messageId(id)
                .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
                .build());
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Says farewell and waits for the end, so that the event loop may be stopped behind it. */
    void close() {
        channel.writeAndFlush(MqttMessage.DISCONNECT);
        channel.close().awaitUninterruptibly();
    }

    private final class Inbound extends SimpleChannelInboundHandler<MqttMessage> {
        private final String user;
        private final String clientId;
        private final String password;
        private final CompletableFuture<MqttLoadConnection> ready;
        private final Acknowledged listener;

        Inbound(
                String user,
                String clientId,
                String password,
                CompletableFuture<MqttLoadConnection> ready,
                Acknowledged listener) {
            this.user = user;
            this.clientId = clientId;
            this.password = password;
            this.ready = ready;
            this.listener = listener;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(MqttMessageBuilders.connect()
                    .protocolVersion(MqttVersion.MQTT_5)
                    .clientId(clientId)
                    .username(user)
                    .password(password.getBytes(StandardCharsets.UTF_8))
                    .cleanSession(true)
                    .keepAlive(0)
                    .build());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message instanceof MqttConnAckMessage connAck) {
                MqttConnectReturnCode code = connAck.variableHeader().connectReturnCode();
                if (code == MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                    ready.complete(MqttLoadConnection.this);
                } else {
                    ready.completeExceptionally(new IllegalStateException(user + " was refused: " + code));
                }
            } else if (message instanceof MqttPubAckMessage pubAck) {
                onPubAck(pubAck);
            }
        }

        private void onPubAck(MqttPubAckMessage pubAck) {
            inFlight.decrementAndGet();
            boolean success = !(pubAck.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply)
                    || (reply.reasonCode() & 0x80) == 0;
            if (success) {
                acknowledged.incrementAndGet();
                listener.onAcknowledged(tags[pubAck.variableHeader().messageId()]);
            } else {
                refused.incrementAndGet();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ready.completeExceptionally(cause);
            context.close();
        }
    }
}
