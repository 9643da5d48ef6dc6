package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.mqtt.EndpointCounters.Closed;
import dev.heliograph.ingest.tls.ReloadingTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of a new socket: if need be the PROXY protocol, then the bounds of its address, TLS, WebSocket, and MQTT. An
 * address over its bounds is turned away before any of its bytes are looked at.
 */
final class ChannelSetup extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelSetup.class);
    private static final int SPARE_SOCKETS_PERCENT = 110;
    private static final int PERCENT = 100;

    private final EndpointContext context;
    private final ConnectPolicy policy;
    private final @Nullable ReloadingTls tls;
    private final boolean webSocket;

    /** @param tls null for a port without TLS */
    ChannelSetup(EndpointContext context, ConnectPolicy policy, @Nullable ReloadingTls tls, boolean webSocket) {
        this.context = context;
        this.policy = policy;
        this.tls = tls;
        this.webSocket = webSocket;
    }

    @Override
    protected void initChannel(Channel channel) {
        // Past the limit a CONNECT still gets its answer; far past it there is no time for that.
        if (context.sockets().get() > (long) context.settings().maxConnections() * SPARE_SOCKETS_PERCENT / PERCENT) {
            channel.close();
        } else if (context.settings().proxyProtocol()) {
            channel.pipeline().addLast(new HAProxyMessageDecoder(), new ProxiedAddress());
        } else {
            admit(channel, address(channel.remoteAddress()));
        }
    }

    private void admit(Channel channel, InetAddress address) {
        switch (context.guard().opened(address)) {
            case ADMITTED -> serve(channel, address);
            case ADDRESS_OVER -> turnAway(channel, Closed.ADDRESS);
            case INSTANCE_OVER -> turnAway(channel, Closed.PENDING);
        }
    }

    private void turnAway(Channel channel, Closed why) {
        context.counters().closed(why);
        channel.close();
    }

    private void serve(Channel channel, InetAddress address) {
        ChannelPipeline pipeline = channel.pipeline();
        if (tls != null) {
            SslHandler handler = tls.handler(channel.alloc());
            handler.setHandshakeTimeoutMillis(
                    context.settings().connectTimeout().toMillis());
            pipeline.addLast(handler);
        }
        if (webSocket) {
            WebSocketFrames.addTo(
                    pipeline,
                    context.settings().maxPacketBytes(),
                    context.settings().connectTimeout());
        }
        addMqtt(pipeline, new MqttConnection(context, policy, channel, address), context.settings());
    }

    /** The part that is the same on every port. */
    static void addMqtt(ChannelPipeline pipeline, MqttConnection connection, MqttSettings settings) {
        pipeline.addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext handler, Object bytes) {
                connection.bytesRead();
                handler.fireChannelRead(bytes);
            }
        });
        pipeline.addLast(new MqttDecoder(settings.maxPacketBytes(), ClientIds.MAX_LENGTH, true))
                .addLast(MqttEncoder.INSTANCE)
                .addLast(connection);
    }

    private static InetAddress address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    /** Takes the device's address from the load balancer; the rest of the pipeline comes only then. */
    private final class ProxiedAddress extends SimpleChannelInboundHandler<HAProxyMessage> {
        private boolean known;

        @Override
        public void handlerAdded(ChannelHandlerContext handler) {
            long millis = context.settings().connectTimeout().toMillis();
            handler.executor()
                    .schedule(
                            () -> {
                                if (!known) {
                                    handler.channel().close();
                                }
                            },
                            millis,
                            java.util.concurrent.TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext handler, HAProxyMessage message) {
            known = true;
            Channel channel = handler.channel();
            String source = message.sourceAddress();
            // A health check of the balancer's own (LOCAL, UNKNOWN) names nobody.
            InetAddress address = source == null ? address(channel.remoteAddress()) : InetAddress.ofLiteral(source);
            admit(channel, address);
            channel.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext handler, Throwable cause) {
            LOG.debug("A connection does not begin with the PROXY protocol", cause);
            handler.close();
        }
    }
}
