package dev.heliograph.ingest.subscription;

import dev.heliograph.ingest.funnel.IntakeMode;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
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
 * when Kafka has it, in the order in which messages came; back-pressure is the withheld acknowledgement.
 *
 * <p>The settings that Eclipse Paho must not be left to choose: manual acknowledgements (its own acknowledge what a
 * callback has thrown on), clean start off and a session expiry of days (else what arrives during a restart is gone), a
 * receive maximum, no topic aliases (its incoming ones are broken), the global callback (those of subscriptions are not
 * called for shared ones), no automatic reconnection (each connection is a new client and a new epoch).
 */
final class BrokerConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);
    private static final Duration WATCH_PERIOD = Duration.ofMillis(500);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);
    private static final long ANSWER_TIMEOUT_MILLIS = 10_000;
    private static final int AT_LEAST_ONCE = 1;
    private static final String PRINCIPAL = "x-principal";

    private final SubscriptionSettings settings;
    private final String brokerUri;
    private final String clientId;
    private final Intake intake;
    private final InstantSource clock;
    private final BooleanSupplier ready;
    private final AckQueue queue = new AckQueue(this::acknowledge);
    private final Thread watch;
    private volatile @Nullable MqttAsyncClient client;
    private volatile boolean broken;
    private volatile boolean closing;

    BrokerConnection(
            SubscriptionSettings settings,
            String brokerUri,
            int number,
            Intake intake,
            InstantSource clock,
            BooleanSupplier ready) {
        this.settings = settings;
        this.brokerUri = brokerUri;
        this.clientId = settings.clientId() + "-" + number;
        this.intake = intake;
        this.clock = clock;
        this.ready = ready;
        this.watch = Thread.ofPlatform().name("subscription-" + number).daemon().unstarted(this::keepConnected);
    }

    void start() {
        watch.start();
    }

    boolean isConnected() {
        MqttAsyncClient current = client;
        return current != null && current.isConnected();
    }

    private void keepConnected() {
        try {
            while (!closing) {
                if (queue.oldestAgeNanos(System.nanoTime())
                        > settings.stallTimeout().toNanos()) {
                    LOG.warn("The oldest message of {} is not acknowledged; connecting anew", clientId);
                    broken = true;
                }
                // Before the registry is known every device would be a stranger.
                if (ready.getAsBoolean() && (broken || !isConnected())) {
                    connectAnew();
                }
                Thread.sleep(isConnected() || !ready.getAsBoolean() ? WATCH_PERIOD : RETRY_AFTER);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void connectAnew() {
        drop();
        broken = false;
        try {
            MqttAsyncClient fresh = new MqttAsyncClient(brokerUri, clientId, new MemoryPersistence());
            client = fresh;
            fresh.setManualAcks(true);
            fresh.setCallback(new Arrivals());
            IMqttToken connected = fresh.connect(options());
            connected.waitForCompletion(ANSWER_TIMEOUT_MILLIS);
            fresh.subscribe(settings.filter(), AT_LEAST_ONCE).waitForCompletion(ANSWER_TIMEOUT_MILLIS);
            LOG.info("Subscribed as {} (session {})", clientId, connected.getSessionPresent() ? "resumed" : "new");
        } catch (MqttException failure) {
            LOG.warn("Cannot subscribe as {}: {}", clientId, failure.getMessage());
            broken = true;
        }
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
        try {
            if (former.isConnected()) {
                former.disconnectForcibly(0, 1, false);
            }
            former.close(true);
        } catch (MqttException alreadyGone) {
            LOG.debug("The former connection of {} was gone already", clientId, alreadyGone);
        }
    }

    private MqttConnectionOptions options() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(false);
        options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
        options.setReceiveMaximum(settings.receiveMaximum());
        options.setMaximumPacketSize((long) settings.maxPacketBytes());
        options.setTopicAliasMaximum(0);
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) (ANSWER_TIMEOUT_MILLIS / 1_000));
        if (settings.userName() != null) {
            options.setUserName(settings.userName());
        }
        if (settings.password() != null) {
            options.setPassword(settings.password().getBytes(StandardCharsets.UTF_8));
        }
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
            LOG.debug("An acknowledgement of {} could not be sent", clientId, failure);
            broken = true;
            return false;
        }
    }

    /** Lets what is in flight become safe, within a bound, and leaves; the broker keeps the session. */
    @Override
    public void close() {
        closing = true;
        watch.interrupt();
        try {
            watch.join(DRAIN_TIMEOUT);
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

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            try {
                AckQueue.Entry entry = message.getQos() == 0
                        ? null
                        : queue.arrived(message.getId(), message.getQos(), System.nanoTime());
                intake.submit(raw(topic, message), (outcome, failure) -> answered(entry, outcome, failure));
            } catch (RuntimeException fault) {
                // Thrown on, it would stall the connection at the receive maximum, still connected and without a word.
                LOG.error("Fault while taking a message of {}; connecting anew", clientId, fault);
                broken = true;
            }
        }

        private void answered(AckQueue.@Nullable Entry entry, Outcome outcome, @Nullable Throwable failure) {
            if (entry == null) {
                return;
            }
            if (failure == null) {
                entry.done();
            } else {
                LOG.warn("A message of {} is not stored; it will be asked for again", outcome.device(), failure);
                entry.failed();
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
                    IntakeMode.LIVE);
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            queue.newEpoch();
        }

        @Override
        public void mqttErrorOccurred(MqttException failure) {
            LOG.debug("The client of {} reports a fault", clientId, failure);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            // Nothing is published.
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
}
