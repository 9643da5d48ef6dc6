package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.intake.Intake;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The subscription to a broker that somebody else runs, over as many connections as configured; none if it is off. */
public final class BrokerSubscription {
    private final List<BrokerConnection> connections = new ArrayList<>();

    /**
     * A subscription, not yet started.
     *
     * @param ready whether devices can be judged; until then nothing is taken from the broker
     */
    public BrokerSubscription(
            SubscriptionSettings settings,
            Intake intake,
            SenderLimits limits,
            InstantSource clock,
            BooleanSupplier ready,
            MeterRegistry registry) {
        String brokerUri = settings.brokerUri();
        if (brokerUri == null) {
            return;
        }
        Gauge.builder("heliograph.ingest.subscription.connections", this, BrokerSubscription::connected)
                .register(registry);
        Counter forgotten = Counter.builder("heliograph.ingest.subscription.forgotten")
                .description("Sessions that the broker had lost when the gateway connected again")
                .register(registry);
        for (int number = 0; number < settings.connections(); number++) {
            TelemetrySession session = new TelemetrySession(settings, number, intake, limits, ready, forgotten);
            connections.add(new BrokerConnection(settings.broker(brokerUri), session, clock));
        }
    }

    /** Starts to connect; does not wait for it. */
    public void start() {
        connections.forEach(BrokerConnection::start);
    }

    /** How many connections are up. */
    public int connected() {
        return (int) connections.stream().filter(BrokerConnection::isConnected).count();
    }

    /** Leaves the broker, which keeps the sessions. */
    public void stop() {
        connections.forEach(BrokerConnection::close);
    }
}
