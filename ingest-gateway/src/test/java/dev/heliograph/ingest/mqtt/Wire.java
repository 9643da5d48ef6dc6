package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.DeviceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The endpoint without sockets and without Kafka: bytes in, packets out, both through the real codec. */
final class Wire {
    static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");
    static final String TELEMETRY = "iot/v1/demo/boiler-7/telemetry";
    static final String PASSWORD = "secret";
    private static final byte[] SALT = new byte[16];

    final HeldSink sink = new HeldSink();
    final DeviceTable devices = new DeviceTable();
    final InFlightBudget budget;
    final Sessions sessions;
    private Instant now = Instant.ofEpochSecond(1_790_000_000L);
    boolean accepting = true;
    boolean metricsUsedUp;
    private final EndpointContext context;
    private final ConnectPolicy policy;

    Wire() {
        this(5, 1_000, 1_000);
    }

    Wire(int receiveMaximum, int messagesPerSecond, int maxInFlight) {
        this(
                maxInFlight,
                TestSettings.limits("device-messages-per-second=" + messagesPerSecond, "burst=1s"),
                "max-connections=3",
                "max-connections-per-device=2",
                "receive-maximum=" + receiveMaximum,
                "max-packet-bytes=1024",
                "errors-per-minute=600");
    }

    /** The clock goes on. */
    void passes(Duration time) {
        now = now.plus(time);
    }

    private Admission admission() {
        return new Admission() {
            @Override
            public boolean knows(DeviceKey device) {
                return true;
            }

            @Override
            public Verdict admits(DeviceKey device, Sample sample) {
                return metricsUsedUp ? Verdict.REFUSED : Verdict.ADMITTED;
            }
        };
    }

    Wire(int maxInFlight, LimitSettings limits, String... mqtt) {
        budget = new InFlightBudget(maxInFlight, 1_000_000_000);
        sessions = new Sessions(TestSettings.mqtt(mqtt).maxConnectionsPerDevice());
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, admission()),
                sink,
                budget,
                new IntakeCounters(new SimpleMeterRegistry()),
                new UnackedWatch(System::nanoTime));
        InstantSource clock = () -> now;
        MqttSettings settings = TestSettings.mqtt(mqtt);
        Allowances allowances = new Allowances(limits, budget, () -> 0);
        PresenceEvents presence = new PresenceEvents(sink, clock);
        context = new EndpointContext(
                settings,
                devices,
                TopicMappings.DEFAULTS,
                intake,
                presence,
                allowances,
                new EdgeNodes(
                        TestSettings.sparkplug(),
                        FunnelLimits.DEFAULTS,
                        intake,
                        presence,
                        devices,
                        clock,
                        new SimpleMeterRegistry()),
                sessions,
                new AddressGuard(settings.admission(), () -> 0),
                new EndpointCounters(new SimpleMeterRegistry()),
                clock,
                () -> accepting,
                new AtomicInteger());
        policy = new ConnectPolicy(context);
        register(DEVICE);
    }

    void register(DeviceKey device) {
        register(device, true);
    }

    void register(DeviceKey device, boolean enabled) {
        DeviceKeyHash hash = DeviceKeyHash.of(PASSWORD, SALT);
        devices.put(new DeviceRecord(
                1,
                device.tenant().value(),
                device.device().value(),
                enabled,
                null,
                null,
                Map.of(),
                null,
                List.of(new DeviceRecord.Credential(hash.saltHex(), hash.hashHex())),
                1,
                null));
    }

    Peer open() {
        return new Peer();
    }

    Peer connected(MqttVersion version, String clientId) {
        Peer peer = open();
        peer.send(connect(version, clientId).build());
        peer.received();
        return peer;
    }

    Peer connected5() {
        return connected(MqttVersion.MQTT_5, "boiler-7");
    }

    static MqttMessageBuilders.ConnectBuilder connect(MqttVersion version, String clientId) {
        return MqttMessageBuilders.connect()
                .protocolVersion(version)
                .clientId(clientId)
                .cleanSession(true)
                .keepAlive(60)
                .username(DEVICE.toString())
                .password(PASSWORD.getBytes(StandardCharsets.UTF_8));
    }

    static MqttPublishMessage publish(String topic, int packetId, String payload) {
        return publish(topic, packetId, payload, MqttQoS.AT_LEAST_ONCE, false, MqttProperties.NO_PROPERTIES);
    }

    static MqttPublishMessage publish(
            String topic, int packetId, String payload, MqttQoS qos, boolean retain, MqttProperties properties) {
        return MqttMessageBuilders.publish()
                .topicName(topic)
                .messageId(packetId)
                .qos(qos)
                .retained(retain)
                .properties(properties)
                .payload(Unpooled.copiedBuffer(payload, StandardCharsets.UTF_8))
                .build();
    }

    /** One client. */
    final class Peer {
        final EmbeddedChannel server = new EmbeddedChannel();
        private final EmbeddedChannel codec = new EmbeddedChannel(new MqttDecoder(1_000_000), MqttEncoder.INSTANCE);

        Peer() {
            context.guard().opened(InetAddress.getLoopbackAddress());
            ChannelSetup.addMqtt(
                    server.pipeline(),
                    new MqttConnection(context, policy, server, InetAddress.getLoopbackAddress()),
                    context.settings());
        }

        Peer send(MqttMessage message) {
            codec.writeOutbound(message);
            ByteBuf all = Unpooled.buffer();
            for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
                all.writeBytes(part);
                part.release();
            }
            if (server.isOpen()) {
                server.writeInbound(all);
            }
            server.runPendingTasks();
            return this;
        }

        Peer sendHex(String hex) {
            server.writeInbound(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
            server.runPendingTasks();
            return this;
        }

        /** The next packet from the endpoint, or null. */
        @Nullable
        MqttMessage received() {
            server.runPendingTasks();
            MqttMessage ready = codec.readInbound();
            for (ByteBuf out = server.readOutbound(); out != null; out = server.readOutbound()) {
                codec.writeInbound(out);
                ready = ready == null ? codec.readInbound() : ready;
            }
            return ready;
        }

        /** The reason code of the next packet, which is a DISCONNECT. */
        int disconnectCode() {
            MqttMessage message = received();
            return message != null
                            && message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                    ? header.reasonCode() & 0xFF
                    : -1;
        }

        boolean isOpen() {
            server.runPendingTasks();
            return server.isOpen();
        }
    }
}
