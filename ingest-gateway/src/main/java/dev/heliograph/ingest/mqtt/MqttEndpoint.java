package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.ingest.tls.ReloadingTls;
import dev.heliograph.model.id.DeviceKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
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
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT endpoint: binds its ports, serves devices, and leaves without losing what it has read. */
public final class MqttEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(MqttEndpoint.class);
    private static final int BACKLOG = 4_096;

    /** Answers are small; the kernel's own choice would let a peer that never reads hold megabytes. */
    private static final int SEND_BUFFER_BYTES = 65_536;

    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    private final MqttSettings settings;
    private final EndpointContext context;
    private final ConnectPolicy policy;
    private final Sessions sessions;
    private final List<Channel> listeners = new ArrayList<>();
    private volatile boolean draining;
    private @Nullable EventLoopGroup acceptors;
    private @Nullable EventLoopGroup loops;
    private final MeterRegistry registry;
    private @Nullable ReloadingTls tls;
    private volatile int port = -1;
    private volatile int tlsPort = -1;
    private volatile int webSocketPort = -1;
    private volatile int webSocketTlsPort = -1;

    /**
     * An endpoint, not yet started.
     *
     * @param edgeNodes who speaks Sparkplug B; null where nobody may
     * @param ready whether devices can be judged; until then they are told to come again
     */
    public MqttEndpoint(
            MqttSettings settings,
            DeviceTable devices,
            TopicMappings mappings,
            Intake intake,
            PresenceEvents presence,
            Allowances allowances,
            @Nullable EdgeNodes edgeNodes,
            InstantSource clock,
            BooleanSupplier ready,
            MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        this.sessions = new Sessions(settings.maxConnectionsPerDevice());
        this.context = new EndpointContext(
                settings,
                devices,
                mappings,
                intake,
                presence,
                allowances,
                edgeNodes,
                sessions,
                new AddressGuard(settings.admission(), System::nanoTime),
                new EndpointCounters(registry),
                clock,
                () -> !draining && ready.getAsBoolean(),
                new AtomicInteger());
        this.policy = new ConnectPolicy(context);
        devices.onChange(this::recheck);
        Gauge.builder("heliograph.ingest.connections", sessions, Sessions::count)
                .description("Devices connected by MQTT")
                .register(registry);
        Gauge.builder("heliograph.ingest.connections.pending", context.guard(), AddressGuard::pending)
                .description("Sockets that have not been connected as a device's yet")
                .register(registry);
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
        ReloadingTls encrypted =
                settings.tls().enabled() ? new ReloadingTls(settings.tls(), context.clock(), registry) : null;
        tls = encrypted;
        port = bind(type, settings.port(), null, false);
        webSocketPort = bind(type, settings.webSocket().port(), null, true);
        if (encrypted != null) {
            encrypted.onLook(() -> recheckCertificates(encrypted));
            encrypted.start();
            tlsPort = bind(type, settings.tls().port(), encrypted, false);
            webSocketTlsPort = bind(type, settings.webSocket().tlsPort(), encrypted, true);
        }
        LOG.info(
                "MQTT on port {}, with TLS on {}, by WebSocket on {}, by WebSocket with TLS on {} ({})",
                port,
                tlsPort,
                webSocketPort,
                webSocketTlsPort,
                epoll ? "epoll" : "nio");
    }

    private int bind(
            Class<? extends ServerChannel> type, int wanted, @Nullable ReloadingTls encrypted, boolean webSocket) {
        if (wanted < 0) {
            return -1;
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptors, loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
                .childHandler(new ChannelSetup(context, policy, encrypted, webSocket));
        Channel listener = bootstrap
                .bind(new InetSocketAddress(settings.host(), wanted))
                .syncUninterruptibly()
                .channel();
        listeners.add(listener);
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Cuts off the connections of a device whose key is no longer valid. */
    private void recheck(DeviceKey device) {
        for (Sessions.Session session : sessions.of(device)) {
            if (!context.devices().isValid(session.credential())) {
                session.end(MqttReasonCodes.Disconnect.NOT_AUTHORIZED.byteValue(), "the device key was revoked");
            }
        }
    }

    /** Cuts off who was let in by a certificate that would no longer let it in: expired, revoked, of a former authority. */
    private void recheckCertificates(ReloadingTls current) {
        for (Sessions.Session session : sessions.all()) {
            X509Certificate[] chain = session.certificatesShown();
            if (chain != null && !current.trusts(chain)) {
                session.end(
                        MqttReasonCodes.Disconnect.NOT_AUTHORIZED.byteValue(), "the certificate is no longer trusted");
            }
        }
    }

    /** The port without TLS, or -1. */
    public int port() {
        return port;
    }

    /** The port with TLS, or -1. */
    public int tlsPort() {
        return tlsPort;
    }

    /** The port of WebSocket without TLS, or -1. */
    public int webSocketPort() {
        return webSocketPort;
    }

    /** The port of WebSocket with TLS, or -1. */
    public int webSocketTlsPort() {
        return webSocketTlsPort;
    }

    /** Devices connected. */
    public int connections() {
        return sessions.count();
    }

    /**
     * Takes no more connections, lets those it has go one after the other, each when what it had sent is acknowledged, and
     * ends. Stopping again does nothing.
     */
    public synchronized void stop() {
        draining = true;
        listeners.forEach(listener -> listener.close().syncUninterruptibly());
        listeners.clear();
        if (tls != null) {
            tls.close();
        }
        letGo(new ArrayList<>(sessions.all()));
        long deadline = System.nanoTime() + settings.drain().timeout().toNanos();
        while (sessions.count() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(DRAIN_POLL.toNanos());
        }
        if (sessions.count() > 0) {
            LOG.warn("{} connections end with messages that Kafka has not acknowledged", sessions.count());
        }
        shutDown(acceptors);
        shutDown(loops);
    }

    /** Says goodbye to one after the other in random order, evenly over the time; the others are served meanwhile. */
    private void letGo(List<Sessions.Session> all) {
        Collections.shuffle(all);
        long atRate = TimeUnit.SECONDS.toNanos(all.size()) / settings.drain().connectionsPerSecond();
        long spread = Math.min(settings.drain().spread().toNanos(), atRate);
        long start = System.nanoTime();
        byte code = MqttReasonCodes.Disconnect.SERVER_SHUTTING_DOWN.byteValue();
        for (int i = 0; i < all.size() && sessions.count() > 0; i++) {
            long due = start + spread / all.size() * i;
            while (System.nanoTime() < due
                    && sessions.count() > 0
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(Math.min(DRAIN_POLL.toNanos(), due - System.nanoTime()));
            }
            all.get(i).drain(code, "the gateway is shutting down; connect again");
        }
    }

    private static void shutDown(@Nullable EventLoopGroup group) {
        if (group != null) {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
