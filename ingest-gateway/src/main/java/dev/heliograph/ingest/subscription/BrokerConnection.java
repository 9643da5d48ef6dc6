package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to somebody's broker, made again whenever it breaks or stalls. A message is acknowledged to the broker
 * when it is safe, in the order in which messages came; back-pressure is the withheld acknowledgement.
 *
 * <p>The settings that Eclipse Paho must not be left to choose: manual acknowledgements (its own acknowledge what a
 * callback has thrown on), a receive maximum, no topic aliases (its incoming ones are broken), the global callback (those of subscriptions are not
 * called for shared ones), no automatic reconnection (each connection is a new client and a new epoch).
 */
public final class BrokerConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);
    // Short: a broker that has just come back may acknowledge what nobody gets until this connection stands again.
    private static final Duration WATCH_PERIOD = Duration.ofMillis(200);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(2);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);
    private static final long ANSWER_TIMEOUT_MILLIS = 10_000;
    private static final int AT_LEAST_ONCE = 1;
    private static final String PRINCIPAL = "x-principal";

    private final Broker broker;
    private final BrokerSession session;
    private final InstantSource clock;
    private final AckQueue queue = new AckQueue(this::acknowledge);
    private final Semaphore wake = new Semaphore(0);
    private final Thread watch;
    private final CatchUp catchUp;
    private volatile @Nullable MqttAsyncClient client;
    private volatile boolean broken;
    private volatile boolean closing;
    // Of the watching thread.
    private int failuresInARow;
    private boolean hasSubscribed;

    /** A connection, not yet started. */
    public BrokerConnection(Broker broker, BrokerSession session, InstantSource clock) {
        this.broker = broker;
        this.session = session;
        this.clock = clock;
        this.catchUp = new CatchUp(broker.catchUp(), System.nanoTime());
        this.watch = Thread.ofPlatform().name(session.clientId()).daemon().unstarted(this::keepConnected);
    }

    /** Starts to connect; does not wait for it. */
    public void start() {
        watch.start();
    }

    /** Lets the session be asked at once whether it may connect or must leave. */
    public void wake() {
        wake.release();
    }

    /** Whether the connection stands. */
    public boolean isConnected() {
        MqttAsyncClient current = client;
        return current != null && current.isConnected();
    }

    private void keepConnected() {
        try {
            while (!closing) {
                if (queue.oldestAgeNanos(System.nanoTime())
                        > broker.stallTimeout().toNanos()) {
                    LOG.warn("The oldest message of {} is not acknowledged; connecting anew", session.clientId());
                    broken = true;
                }
                catchUp.look(queue.oldestAgeNanos(System.nanoTime()), System.nanoTime());
                if (session.mustLeave()) {
                    leave();
                } else if (session.mayConnect() && (broken || !isConnected())) {
                    connectAnew();
                }
                catchUp.busy(System.nanoTime());
                boolean retry = session.mayConnect() && !session.mustLeave() && !isConnected();
                wake.tryAcquire(retry ? pauseMillis() : WATCH_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Doubled with each failure; half of it is chance, so that instances do not come in one beat. */
    private long pauseMillis() {
        long full = Math.min(LONGEST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failuresInARow, 10));
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }

    private void connectAnew() {
        drop();
        broken = false;
        try {
            MqttAsyncClient fresh = new MqttAsyncClient(broker.uri(), session.clientId(), new MemoryPersistence());
            client = fresh;
            fresh.setManualAcks(true);
            fresh.setCallback(new Arrivals(fresh));
            MqttConnectionOptions options = options();
            // Before it is known whether there is a session: its messages may come before that is told.
            catchUp.connecting(System.nanoTime());
            IMqttToken connected = fresh.connect(options);
            connected.waitForCompletion(ANSWER_TIMEOUT_MILLIS);
            boolean resumed = connected.getSessionPresent();
            catchUp.connected(resumed, System.nanoTime());
            String[] filters = session.filters();
            int[] qos = new int[filters.length];
            Arrays.fill(qos, AT_LEAST_ONCE);
            fresh.subscribe(filters, qos).waitForCompletion(ANSWER_TIMEOUT_MILLIS);
            LOG.info("Subscribed as {} (session {})", session.clientId(), resumed ? "resumed" : "new");
            if (hasSubscribed && !resumed && !options.isCleanStart()) {
                LOG.warn(
                        "The broker has forgotten the session of {}: what it had acknowledged to devices and not delivered"
                                + " is gone, unless it has given it to another member of the subscription",
                        session.clientId());
                session.forgotten();
            }
            hasSubscribed = true;
            failuresInARow = 0;
            session.subscribed((topic, payload, quality, retain) -> publish(fresh, topic, payload, quality, retain));
        } catch (MqttException failure) {
            LOG.warn("Cannot subscribe as {}: {}", session.clientId(), failure.getMessage());
            failuresInARow++;
            broken = true;
        }
    }

    private boolean publish(MqttAsyncClient connected, String topic, byte[] payload, int qos, boolean retain) {
        try {
            IMqttToken sent = connected.publish(topic, payload, qos, retain);
            if (qos >= AT_LEAST_ONCE) {
                sent.waitForCompletion(ANSWER_TIMEOUT_MILLIS);
            }
            return true;
        } catch (MqttException failure) {
            LOG.warn("{} cannot publish: {}", session.clientId(), failure.getMessage());
            return false;
        }
    }

    private void leave() {
        MqttAsyncClient current = client;
        if (current != null && current.isConnected()) {
            session.leaving((topic, payload, qos, retain) -> publish(current, topic, payload, qos, retain));
        }
        drop();
    }

    /** Leaves the present connection without a word, so that the broker keeps the session and all that is unacknowledged. */
    private void drop() {
        // First the epoch: no acknowledgement of the old connection may meet the new one.
        queue.newEpoch();
        MqttAsyncClient former = client;
        client = null;
        if (former == null) {
            return;
        }
        session.lost();
        try {
            if (former.isConnected()) {
                former.disconnectForcibly(0, 1, false);
            }
            former.close(true);
        } catch (MqttException alreadyGone) {
            LOG.debug("The former connection of {} was gone already", session.clientId(), alreadyGone);
        }
    }

    private MqttConnectionOptions options() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setReceiveMaximum(broker.receiveMaximum());
        options.setMaximumPacketSize((long) broker.maxPacketBytes());
        options.setTopicAliasMaximum(0);
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval((int) broker.keepAlive().toSeconds());
        options.setConnectionTimeout((int) (ANSWER_TIMEOUT_MILLIS / 1_000));
        if (broker.userName() != null) {
            options.setUserName(broker.userName());
        }
        if (broker.password() != null) {
            options.setPassword(broker.password().getBytes(StandardCharsets.UTF_8));
        }
        session.prepare(options);
        return options;
    }

    private boolean acknowledge(int packetId, int qos) {
        MqttAsyncClient current = client;
        try {
            if (current == null || !current.isConnected()) {
                return false;
            }
            current.messageArrivedComplete(packetId, qos);
            return true;
        } catch (MqttException failure) {
            LOG.debug("An acknowledgement of {} could not be sent", session.clientId(), failure);
            broken = true;
            return false;
        }
    }

    /** Lets what is in flight become safe, within a bound, and leaves. */
    @Override
    public void close() {
        closing = true;
        watch.interrupt();
        try {
            watch.join(DRAIN_TIMEOUT);
            MqttAsyncClient current = client;
            if (current != null && current.isConnected()) {
                session.leaving((topic, payload, qos, retain) -> publish(current, topic, payload, qos, retain));
            }
            long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
            while (queue.size() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(Duration.ofMillis(10));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        drop();
    }

    /** Paho's callbacks, on its threads: they neither block nor throw. */
    private final class Arrivals implements MqttCallback {
        private final MqttAsyncClient of;

        Arrivals(MqttAsyncClient of) {
            this.of = of;
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            try {
                AckQueue.Entry entry = message.getQos() == 0
                        ? null
                        : queue.arrived(message.getId(), message.getQos(), System.nanoTime());
                boolean mayBeBacklog = catchUp.isOn(System.nanoTime());
                session.arrived(raw(topic, message), new Acknowledgement(entry, mayBeBacklog));
            } catch (RuntimeException fault) {
                // Thrown on, it would stall the connection at the receive maximum, still connected and without a word.
                LOG.error("Fault while taking a message of {}; connecting anew", session.clientId(), fault);
                broken = true;
            }
        }

        private RawMessage raw(String topic, MqttMessage message) {
            MqttProperties properties = message.getProperties();
            List<UserProperty> userProperties = properties == null ? List.of() : properties.getUserProperties();
            DeviceKey principal = null;
            for (UserProperty property : userProperties) {
                if (property.getKey().equals(PRINCIPAL)) {
                    principal = DeviceKey.parse(property.getValue()).orElse(null);
                }
            }
            return new RawMessage(
                    topic,
                    message.getPayload(),
                    principal,
                    properties == null ? null : properties.getContentType(),
                    properties != null && properties.getPayloadFormat(),
                    userProperties.size(),
                    Micros.of(clock.instant()),
                    Transport.SUBSCRIPTION,
                    IntakeMode.LIVE,
                    session.strand());
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            if (client == of) {
                queue.newEpoch();
                session.lost();
            }
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            LOG.debug("The client of {} reports a fault", session.clientId(), failure);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Who publishes waits for the token.
        }

        @Override
        public void connectComplete(boolean reconnect, String server) {
            // The one who connects waits for the token.
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            // Extended authentication is not used.
        }
    }

    /** What becomes of one message; without an entry it came with QoS 0, for which the broker waits for nothing. */
    private final class Acknowledgement implements BrokerSession.Receipt {
        private final AckQueue.@Nullable Entry entry;
        private final boolean mayBeBacklog;

        Acknowledgement(AckQueue.@Nullable Entry entry, boolean mayBeBacklog) {
            this.entry = entry;
            this.mayBeBacklog = mayBeBacklog;
        }

        @Override
        public boolean mayBeBacklog() {
            return mayBeBacklog;
        }

        @Override
        public void done() {
            if (entry != null) {
                entry.done();
            }
        }

        @Override
        public void failed() {
            if (entry == null) {
                LOG.warn("A message of {} without acknowledgement (QoS 0) is lost", session.clientId());
                return;
            }
            LOG.warn("A message of {} is not stored; it will be asked for again", session.clientId());
            entry.failed();
            broken = true;
        }
    }
}
