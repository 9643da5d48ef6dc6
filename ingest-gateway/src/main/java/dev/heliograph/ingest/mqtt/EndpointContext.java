package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What all connections share.
 *
 * @param edgeNodes who speaks Sparkplug B; null where nobody may
 * @param accepting whether new connections are taken: the device table is complete and the gateway not shutting down
 * @param sockets open sockets, with those that have not sent their CONNECT
 */
record EndpointContext(
        MqttSettings settings,
        DeviceTable devices,
        TopicMappings mappings,
        Intake intake,
        PresenceEvents presence,
        Allowances allowances,
        @Nullable EdgeNodes edgeNodes,
        Sessions sessions,
        AddressGuard guard,
        EndpointCounters counters,
        InstantSource clock,
        BooleanSupplier accepting,
        AtomicInteger sockets) {}
