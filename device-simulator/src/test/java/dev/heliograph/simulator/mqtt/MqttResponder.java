package dev.heliograph.simulator.mqtt;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/** The other end of a device's connection: takes messages and answers as a test wants, with codes that brokers rarely send. */
public final class MqttResponder implements AutoCloseable {
    /** Answer of a test that wants none. */
    public static final int SILENCE = -1;

    /** A message that came. */
    public record Received(String clientId, String topic, String payload, boolean duplicate) {}

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel server;
    private final ToIntFunction<Received> answers;
    private final int receiveMaximum;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<MqttConnectMessage> connects = new CopyOnWriteArrayList<>();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final AtomicInteger pings = new AtomicInteger();

    /** @param answers the PUBACK reason code for each telemetry message, or {@link #SILENCE}; status is always welcome */
    public MqttResponder(int receiveMaximum, ToIntFunction<Received> answers) {
        this.answers = answers;
        this.receiveMaximum = receiveMaximum;
        this.server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        channel.pipeline().addLast(MqttEncoder.INSTANCE, new MqttDecoder(), new Session());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    public URI address() {
        return URI.create("tcp://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort());
    }

    public List<Received> telemetry() {
        return received.stream().filter(m -> m.topic().endsWith("/telemetry")).toList();
    }

    public List<Received> status() {
        return received.stream().filter(m -> m.topic().endsWith("/status")).toList();
    }

    public List<MqttConnectMessage> connects() {
        return connects;
    }

    /** The most messages that were unanswered at once, where every answer is withheld. */
    public int mostInFlight() {
        return mostInFlight.get();
    }

    /** PINGREQ packets that came, over all connections. */
    public int pings() {
        return pings.get();
    }

    /** Cuts every connection without a word. */
    public void cut() {
        channels.close().syncUninterruptibly();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        channels.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Session extends SimpleChannelInboundHandler<MqttMessage> {
        private String clientId = "";
        private int unanswered;

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            switch (message.fixedHeader().messageType()) {
                case CONNECT -> connect(context, (MqttConnectMessage) message);
                case PUBLISH -> publish(context, (MqttPublishMessage) message);
                case PINGREQ -> ping(context);
                default -> {}
            }
        }

        private void connect(ChannelHandlerContext context, MqttConnectMessage message) {
            connects.add(message);
            clientId = message.payload().clientIdentifier();
            MqttProperties properties = new MqttProperties();
            properties.add(new MqttProperties.IntegerProperty(
                    MqttProperties.MqttPropertyType.RECEIVE_MAXIMUM.value(), receiveMaximum));
            context.writeAndFlush(MqttMessageBuilders.connAck()
                    .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                    .properties(properties)
                    .build());
        }

        private void ping(ChannelHandlerContext context) {
            pings.incrementAndGet();
            context.writeAndFlush(MqttMessage.PINGRESP);
        }

        private void publish(ChannelHandlerContext context, MqttPublishMessage message) {
            Received arrived = new Received(
                    clientId,
                    message.variableHeader().topicName(),
                    message.payload().toString(StandardCharsets.UTF_8),
                    message.fixedHeader().isDup());
            received.add(arrived);
            int code = arrived.topic().endsWith("/status") ? 0 : answers.applyAsInt(arrived);
            if (code == SILENCE) {
                unanswered++;
                mostInFlight.accumulateAndGet(unanswered, Math::max);
                return;
            }
            context.writeAndFlush(MqttMessageBuilders.pubAck()
                    .packetId(message.variableHeader().packetId())
                    .reasonCode((byte) code)
                    .build());
        }
    }
}
