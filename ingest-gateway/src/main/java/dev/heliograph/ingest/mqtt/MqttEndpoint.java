package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.DeviceRates;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT endpoint: binds its ports, serves devices, and leaves without losing what it has read. */
public final class MqttEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MqttEndpoint.class);
    private static final int BACKLOG = 4_096;
    private static final int SPARE_SOCKETS_PERCENT = 110;
    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    private final MqttSettings settings;
    private final EndpointContext context;
    private final ConnectPolicy policy;
    private final Sessions sessions;
    private final List<Channel> listeners = new ArrayList<>();
    private volatile boolean draining;
    private @Nullable EventLoopGroup acceptors;
    private @Nullable EventLoopGroup loops;
    private int port = -1;
    private int tlsPort = -1;

    /**
     * An endpoint, not yet started.
     *
     * @param ready whether devices can be judged; until then they are told to come again
     */
    public MqttEndpoint(
            MqttSettings settings,
            DeviceTable devices,
            TopicMappings mappings,
            Intake intake,
            PresenceEvents presence,
            DeviceRates rates,
            InstantSource clock,
            BooleanSupplier ready) {
        this.settings = settings;
        this.sessions = new Sessions(settings.maxConnectionsPerDevice());
        this.context = new EndpointContext(
                settings,
                devices,
                mappings,
                intake,
                presence,
                rates,
                sessions,
                clock,
                () -> !draining && ready.getAsBoolean(),
                new AtomicInteger());
        this.policy = new ConnectPolicy(context);
        devices.onChange(this::recheck);
    }

    /**
     * Binds the ports.
     *
     * @throws IllegalStateException if a port cannot be bound or the certificate cannot be used
     */
    public synchronized void start() {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        EventLoopGroup accepting = new MultiThreadIoEventLoopGroup(1, io);
        int threads = settings.eventLoopThreads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : settings.eventLoopThreads();
        EventLoopGroup serving = new MultiThreadIoEventLoopGroup(threads, io);
        acceptors = accepting;
        loops = serving;
        if (settings.port() >= 0) {
            port = bind(accepting, serving, type, settings.port(), null);
        }
        if (settings.tls().enabled()) {
            tlsPort = bind(accepting, serving, type, settings.tls().port(), sslContext(settings.tls()));
        }
        LOG.info("MQTT on port {}, TLS on port {} ({})", port, tlsPort, epoll ? "epoll" : "nio");
    }

    private int bind(
            EventLoopGroup accepting,
            EventLoopGroup serving,
            Class<? extends ServerChannel> type,
            int wanted,
            @Nullable SslContext ssl) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(accepting, serving)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        prepare(channel, ssl);
                    }
                });
        Channel listener = bootstrap
                .bind(new InetSocketAddress(settings.host(), wanted))
                .syncUninterruptibly()
                .channel();
        listeners.add(listener);
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private void prepare(Channel channel, @Nullable SslContext ssl) {
        // Past the limit a CONNECT still gets its answer; far past it there is no time for that.
        if (context.sockets().get() > (long) settings.maxConnections() * SPARE_SOCKETS_PERCENT / 100) {
            channel.close();
            return;
        }
        if (ssl != null) {
            SslHandler handler = ssl.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
            channel.pipeline().addLast(handler);
        }
        channel.pipeline()
                .addLast(new MqttDecoder(settings.maxPacketBytes(), ClientIds.MAX_LENGTH, true))
                .addLast(MqttEncoder.INSTANCE)
                .addLast(new MqttConnection(context, policy, channel));
    }

    private static SslContext sslContext(MqttSettings.Tls tls) {
        if (tls.certificate() == null || tls.privateKey() == null) {
            throw new IllegalStateException("TLS needs a certificate and its key");
        }
        try {
            return SslContextBuilder.forServer(
                            tls.certificate().toFile(), tls.privateKey().toFile())
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new IllegalStateException("cannot use the certificate " + tls.certificate(), unusable);
        }
    }

    /** Cuts off the connections of a device whose key is no longer valid. */
    private void recheck(DeviceKey device) {
        for (Sessions.Session session : sessions.of(device)) {
            if (!context.devices().isValid(session.credential())) {
                session.end(MqttReasonCodes.Disconnect.NOT_AUTHORIZED.byteValue(), "the device key was revoked");
            }
        }
    }

    /** The port without TLS, or -1. */
    public synchronized int port() {
        return port;
    }

    /** The port with TLS, or -1. */
    public synchronized int tlsPort() {
        return tlsPort;
    }

    /** Devices connected. */
    public int connections() {
        return sessions.count();
    }

    /** Takes no more connections and reads no more, waits until what was read is acknowledged, and says goodbye. Stopping again does nothing. */
    public synchronized void stop() {
        draining = true;
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        listeners.clear();
        byte code = MqttReasonCodes.Disconnect.SERVER_SHUTTING_DOWN.byteValue();
        sessions.all().forEach(session -> session.drain(code, "the gateway is shutting down; connect again"));
        long deadline = System.nanoTime() + settings.drainTimeout().toNanos();
        while (sessions.count() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(DRAIN_POLL.toNanos());
        }
        if (sessions.count() > 0) {
            LOG.warn("{} connections end with messages that Kafka has not acknowledged", sessions.count());
        }
        shutDown(acceptors);
        shutDown(loops);
    }

    private static void shutDown(@Nullable EventLoopGroup group) {
        if (group != null) {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
