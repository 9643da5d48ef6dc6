package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.subscription.BrokerConnection;
import dev.heliograph.model.reading.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** The host application and its connection to the broker. */
public final class SparkplugHost {
    private final SparkplugSession session;
    private final BrokerConnection connection;

    /**
     * A host application, not yet started.
     *
     * @param brokerUri address of the broker
     * @param funnelLimits bounds on payloads and times, as for all that comes in
     * @param ready whether devices can be judged; until then nothing is taken from the broker
     */
    public SparkplugHost(
            String brokerUri,
            SparkplugSettings settings,
            FunnelLimits funnelLimits,
            Intake intake,
            Allowances allowances,
            PresenceEvents presence,
            DeviceTable devices,
            InstantSource clock,
            BooleanSupplier ready,
            MeterRegistry registry) {
        HostLimits limits = settings.limits();
        HostApplication host = new HostApplication(limits, HostRooms.of(limits), funnelLimits, settings.tenants()::get);
        SparkplugCounters counters =
                new SparkplugCounters(registry, Transport.SUBSCRIPTION, () -> nodes(host), () -> held(host));
        session = new SparkplugSession(settings, host, intake, allowances, presence, devices, counters, clock, ready);
        connection = new BrokerConnection(settings.broker(brokerUri), session, clock);
    }

    /** Starts to connect; does not wait for it. */
    public void start() {
        session.start(connection::wake);
        connection.start();
    }

    /** Whether the connection to the broker stands. */
    public boolean isConnected() {
        return connection.isConnected();
    }

    /** Edge nodes whose birth is known. */
    public int nodesOnline() {
        return session.nodesOnline();
    }

    /** Says that the host is offline and leaves the broker. */
    public void stop() {
        connection.close();
        session.close();
    }

    private static int nodes(HostApplication host) {
        synchronized (host) {
            return host.nodesOnline();
        }
    }

    private static int held(HostApplication host) {
        synchronized (host) {
            return host.held();
        }
    }
}
