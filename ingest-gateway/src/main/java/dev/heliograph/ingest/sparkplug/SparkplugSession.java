package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.Printable;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Allowance;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.subscription.BrokerSession;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries messages to the {@link HostApplication} and does what it wants done. Thread-safe.
 *
 * <p>Sparkplug publishes data with QoS 0 and asks a host for a clean start, so no withheld acknowledgement slows an edge node
 * down. What does is the host's own state: when the gateway has no room left, or stops, it says that it is offline and leaves;
 * edge nodes that have it as their primary host keep their data until it is back.
 */
final class SparkplugSession implements BrokerSession, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkplugSession.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_COMMANDS = 10_000;
    private static final int AT_LEAST_ONCE = 1;
    private static final long MICROS_PER_MILLI = 1_000;

    private final SparkplugSettings settings;
    private final String stateTopic;
    private final Intake intake;
    private final Delivery delivery;
    private final Allowances allowances;
    private final Map<String, TenantId> tenants;
    private final DeviceTable devices;
    private final SparkplugCounters counters;
    private final InstantSource clock;
    private final BooleanSupplier ready;
    private final HostApplication host;
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>(MAX_COMMANDS);
    private final Thread ticker;
    private volatile Runnable wake = () -> {};
    private volatile @Nullable Publisher publisher;
    private volatile boolean isPaused;
    private volatile long connectedMillis;
    private volatile long limitsRestUntilMillis;

    SparkplugSession(
            SparkplugSettings settings,
            HostApplication host,
            Intake intake,
            Allowances allowances,
            PresenceEvents presence,
            DeviceTable devices,
            SparkplugCounters counters,
            InstantSource clock,
            BooleanSupplier ready) {
        this.settings = settings;
        this.stateTopic = StateMessage.topic(settings.hostId());
        this.host = host;
        this.intake = intake;
        this.delivery = new Delivery(intake, presence, devices);
        this.allowances = allowances;
        this.tenants = settings.tenants();
        this.devices = devices;
        this.counters = counters;
        this.clock = clock;
        this.ready = ready;
        this.ticker = Thread.ofPlatform().name("sparkplug-ticker").daemon().unstarted(this::tick);
    }

    /** Starts to tick; the connection is woken by the given task when what it would be told has changed. */
    void start(Runnable wakeConnection) {
        wake = wakeConnection;
        ticker.start();
    }

    @Override
    public String clientId() {
        return settings.clientId();
    }

    @Override
    public void prepare(MqttConnectionOptions options) {
        options.setCleanStart(true);
        options.setSessionExpiryInterval(0L);
        connectedMillis = clock.millis();
        if (settings.publishState()) {
            MqttMessage will = new MqttMessage(StateMessage.encode(false, connectedMillis));
            will.setQos(AT_LEAST_ONCE);
            will.setRetained(true);
            options.setWill(stateTopic, will);
        }
    }

    @Override
    public String[] filters() {
        List<String> filters = new ArrayList<>();
        for (SparkplugSettings.Group group : settings.groups()) {
            for (MessageType type : MessageType.values()) {
                if (!type.isCommand()) {
                    String prefix = SparkplugTopic.NAMESPACE + "/" + group.group() + "/" + type;
                    filters.add(prefix + (type.isOfDevice() ? "/+/+" : "/+"));
                }
            }
        }
        if (settings.publishState()) {
            filters.add(stateTopic);
        }
        return filters.toArray(String[]::new);
    }

    @Override
    public boolean mayConnect() {
        return ready.getAsBoolean() && !isPaused;
    }

    @Override
    public boolean mustLeave() {
        return isPaused && publisher != null;
    }

    @Override
    public void subscribed(Publisher connected) {
        publisher = connected;
        // Those who have it as their primary host now send what they had kept.
        limitsRestUntilMillis = clock.millis() + settings.catchUp().toMillis();
        sayOnline();
        perform(() -> host.connected(nowMicros()));
    }

    @Override
    public void leaving(Publisher connected) {
        // First, so that the farewell is not taken for a stale will and contradicted.
        publisher = null;
        if (settings.publishState()) {
            connected.publish(stateTopic, StateMessage.encode(false, clock.millis()), AT_LEAST_ONCE, true);
        }
        perform(() -> host.disconnected("the gateway has left the broker before the birth came"));
    }

    @Override
    public void lost() {
        publisher = null;
        perform(() -> host.disconnected("the connection to the broker was lost before the birth came"));
    }

    @Override
    public void arrived(RawMessage message, Receipt receipt) {
        if (message.topic().equals(stateTopic)) {
            receipt.done();
            if (publisher != null && StateMessage.saysOffline(message.payload())) {
                // The will of an earlier connection, late: nobody else may say this of us.
                later(this::sayOnline);
            }
            return;
        }
        Intake.Answer answer = (outcome, failure) -> {
            if (failure == null) {
                receipt.done();
            } else {
                receipt.failed();
            }
        };
        Arrival arrival = limited(message, answer, receipt.mayBeBacklog());
        try {
            perform(() -> host.arrived(arrival));
        } catch (RuntimeException bug) {
            delivery.failed(arrival, bug);
        }
    }

    /**
     * The sender is the edge node, for itself and all devices that speak through it; where it is not registered, its tenant.
     * Nobody can tell it to slow down: what is over its limits is refused.
     */
    private Arrival limited(RawMessage message, Intake.Answer answer, boolean mayBeBacklog) {
        Arrival arrival = Arrival.of(message, answer);
        SparkplugTopic topic = arrival.topic();
        TenantId tenant = topic == null ? null : tenants.get(topic.node().group());
        if (topic == null || tenant == null || mayBeBacklog || clock.millis() < limitsRestUntilMillis) {
            return arrival;
        }
        Allowance sender = Names.deviceId(topic.node().node(), null)
                .map(id -> new DeviceKey(tenant, id))
                .filter(devices::isEnabled)
                .map(allowances::of)
                .orElseGet(() -> allowances.of(tenant));
        return new Arrival(message, topic, answer, sender, sender.tryTake(message.payload().length));
    }

    /** Edge nodes whose birth is known. */
    int nodesOnline() {
        synchronized (host) {
            return host.nodesOnline();
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
        try {
            ticker.join(STOP_TIMEOUT);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    // Under the lock to the end, so that messages go to Kafka in the order in which they were judged. Nothing blocks.
    private void perform(Supplier<List<Effect>> step) {
        synchronized (host) {
            step.get().forEach(this::perform);
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Judged judged -> submit(judged);
            case Effect.Presence change -> delivery.changed(change);
            case Effect.AskForBirth ask -> later(() -> ask(ask.node()));
            case Effect.Noted noted -> counters.count(noted);
        }
    }

    private void submit(Effect.Judged judged) {
        boolean room = delivery.judged(judged);
        if (!room && !isPaused) {
            LOG.warn("No room for more messages: leaving the broker until Kafka has taken what is here");
            isPaused = true;
            wake.run();
            intake.whenRoom(this::resume);
        }
    }

    private void resume() {
        isPaused = false;
        wake.run();
    }

    /** On the ticker's thread, since a publication may wait for the client. */
    private void later(Runnable command) {
        if (!commands.offer(command)) {
            LOG.warn("More than {} commands wait to be published; one is dropped", MAX_COMMANDS);
        }
    }

    private void ask(NodeId node) {
        Publisher connected = publisher;
        if (connected != null) {
            LOG.info("Asking {} for its births", Printable.cut(node.toString(), 256));
            connected.publish(node.commandTopic(), RebirthRequest.encode(clock.millis()), 0, false);
        }
    }

    private void sayOnline() {
        Publisher connected = publisher;
        if (connected != null && settings.publishState()) {
            connected.publish(stateTopic, StateMessage.encode(true, connectedMillis), AT_LEAST_ONCE, true);
        }
    }

    private void tick() {
        long tickedAt = System.nanoTime();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Runnable command = commands.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (command != null) {
                    command.run();
                }
                long now = System.nanoTime();
                if (now - tickedAt >= TICK.toNanos()) {
                    tickedAt = now;
                    perform(() -> host.tick(nowMicros()));
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private long nowMicros() {
        return clock.millis() * MICROS_PER_MILLI;
    }
}
