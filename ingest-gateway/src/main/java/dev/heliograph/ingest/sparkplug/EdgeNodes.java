package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Sparkplug B edge nodes that are connected to the gateway itself: the gateway is their broker and their host application at
 * once. An edge node is the device by whose credentials it connects, so its node id must become that device's id (see {@link
 * Names}); its group may be any, and tells nothing of whose it is. What is known of it lives and ends with its connection.
 * Thread-safe.
 */
public final class EdgeNodes {
    /** With what every topic of Sparkplug B begins. */
    public static final String PREFIX = SparkplugTopic.NAMESPACE + "/";

    private final SparkplugSettings settings;
    private final HostLimits limits;
    private final FunnelLimits funnelLimits;
    private final HostRooms rooms;
    private final Intake intake;
    private final PresenceEvents presence;
    private final DeviceTable devices;
    private final InstantSource clock;
    private final SparkplugCounters counters;
    private final ConcurrentMap<TenantId, HostRooms> tenants = new ConcurrentHashMap<>();
    private final ConcurrentMap<DeviceKey, EdgeNodeLink> links = new ConcurrentHashMap<>();

    /**
     * Nobody yet.
     *
     * @param funnelLimits bounds on payloads and times, as for all that comes in
     */
    public EdgeNodes(
            SparkplugSettings settings,
            FunnelLimits funnelLimits,
            Intake intake,
            PresenceEvents presence,
            DeviceTable devices,
            InstantSource clock,
            MeterRegistry registry) {
        this.settings = settings;
        this.limits = settings.limits();
        this.funnelLimits = funnelLimits;
        this.rooms = HostRooms.of(limits);
        this.intake = intake;
        this.presence = presence;
        this.devices = devices;
        this.clock = clock;
        this.counters = new SparkplugCounters(registry, Transport.MQTT, this::nodesOnline, () ->
                (int) rooms.heldMessages().taken());
    }

    /** The connection of an edge node, as far as it matters here. Its methods may be called from any thread. */
    public interface Line {
        /** Sends a message of QoS 0; drops it where the peer does not read. */
        void publish(String topic, byte[] payload);

        /** Ends the connection: the edge node has another one now. */
        void takenOver();

        /** Runs the task after a time, unless the connection has ended by then. */
        void later(Runnable task, Duration delay);
    }

    /** Whether the topic is that of a death of the device as an edge node, as its Will must be. */
    public static boolean isDeathOf(String topic, DeviceKey device) {
        return topic.startsWith(PREFIX)
                && SparkplugTopic.parse(topic)
                        .filter(parsed -> parsed.type() == MessageType.NDEATH && isNode(parsed.node(), device))
                        .isPresent();
    }

    /**
     * What connects a device as an edge node; for each connection of its own.
     *
     * @param beganMicros when the connection began, µs since the epoch
     * @param window most messages that the connection leaves unanswered; at most half of them wait for births, so that there
     *     is room for the births themselves
     */
    public EdgeNodeLink link(DeviceKey device, long beganMicros, Allowance allowance, int window, Line line) {
        return new EdgeNodeLink(this, device, beganMicros, allowance, host(device, window), line);
    }

    static boolean isNode(NodeId node, DeviceKey device) {
        return Names.deviceId(node.node(), null).filter(device.device()::equals).isPresent();
    }

    /** The host application of one edge node. One of them, and all of a tenant, leave room for others. */
    private HostApplication host(DeviceKey device, int window) {
        HostRooms ofTenant = tenants.computeIfAbsent(
                device.tenant(),
                tenant -> rooms.within(
                        Math.ceilDiv(limits.maxDefinitions(), 2),
                        Math.ceilDiv(limits.maxHeldMessages(), 2),
                        Math.ceilDiv(limits.maxHeldBytes(), 2)));
        SparkplugSettings.Endpoint each = settings.endpoint();
        HostRooms ofNode = ofTenant.within(
                each.maxDefinitionsPerNode(),
                Math.min(each.maxHeldMessagesPerNode(), window / 2),
                Math.ceilDiv(limits.maxHeldBytes(), 4));
        return new HostApplication(limits, ofNode, funnelLimits, group -> device.tenant());
    }

    Delivery delivery(DeviceKey device, long beganMicros) {
        return new Delivery(intake, presence, devices, device, beganMicros);
    }

    SparkplugSettings settings() {
        return settings;
    }

    SparkplugCounters counters() {
        return counters;
    }

    InstantSource clock() {
        return clock;
    }

    /** From now on the device speaks as an edge node by this link; returns the former one, or null. */
    @Nullable
    EdgeNodeLink claim(DeviceKey device, EdgeNodeLink link) {
        return links.put(device, link);
    }

    void release(DeviceKey device, EdgeNodeLink link) {
        links.remove(device, link);
    }

    private int nodesOnline() {
        return links.values().stream().mapToInt(EdgeNodeLink::nodesOnline).sum();
    }
}
