package dev.heliograph.stream.run;

import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.window.WindowPhase;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.stream.StreamCounters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Says once a second on {@code service-status} how this instance is, and hears from Kafka what time it is. A heartbeat that cannot be sent is not
 * made up for.
 */
final class StatusHeartbeat implements SmartLifecycle {
    static final String SERVICE = "stream-processor";
    private static final Logger LOG = LoggerFactory.getLogger(StatusHeartbeat.class);
    private static final int MAX_BLOCK_MILLIS = 1_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 5_000;

    private final StreamSettings settings;
    private final KafkaAccess kafka;
    private final StreamCounters counters;
    private final StreamSupervisor supervisor;
    private final ReadingsLag lag;
    private final AgreedClock clock;
    private final String instance;
    private final String version;
    private final long startedAt;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable Producer<byte[], byte[]> producer;

    StatusHeartbeat(
            StreamSettings settings,
            KafkaAccess kafka,
            StreamCounters counters,
            StreamSupervisor supervisor,
            ReadingsLag lag,
            AgreedClock clock) {
        this.settings = settings;
        this.kafka = kafka;
        this.counters = counters;
        this.supervisor = supervisor;
        this.lag = lag;
        this.clock = clock;
        this.instance = settings.instance().isBlank() ? hostAndProcess() : settings.instance();
        String packaged = StatusHeartbeat.class.getPackage().getImplementationVersion();
        this.version = packaged == null ? "unpackaged" : packaged;
        this.startedAt = Micros.of(clock.instant());
    }

    private static String hostAndProcess() {
        long process = ProcessHandle.current().pid();
        try {
            return InetAddress.getLocalHost().getHostName() + "-" + process;
        } catch (UnknownHostException nameless) {
            LOG.debug("This host has no name", nameless);
            return "localhost-" + process;
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("stream-heartbeat").daemon().factory());
        timer = started;
        long every = settings.statusInterval().toMillis();
        started.scheduleAtFixedRate(this::beat, 0, every, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            Producer<byte[], byte[]> open = producer;
            if (open == null) {
                open = newProducer();
                producer = open;
            }
            byte[] key = (SERVICE + "/" + instance).getBytes(StandardCharsets.UTF_8);
            byte[] value = ServiceStatusRecord.CODEC.encode(status());
            AgreedClock.Question question = clock.ask();
            open.send(
                    new ProducerRecord<>(Topics.SERVICE_STATUS, null, question.stamp(), key, value),
                    (sent, failure) -> {
                        if (failure != null) {
                            LOG.debug("Heartbeat not sent: {}", failure.getMessage());
                        } else if (question.answered(sent.timestamp())) {
                            LOG.warn("The clock of this machine is {} s ahead of Kafka's", clock.skewSeconds());
                        }
                    });
        } catch (KafkaException failure) {
            LOG.debug("Heartbeat not sent: {}", failure.getMessage());
        }
    }

    ServiceStatusRecord status() {
        StreamCondition condition = supervisor.condition();
        boolean up = condition.phase() == StreamCondition.Phase.RUNNING;
        return new ServiceStatusRecord(
                WireCodec.VERSION,
                SERVICE,
                instance,
                version,
                startedAt,
                Micros.of(clock.instant()),
                up ? "up" : "degraded",
                up ? null : condition.detail(),
                Map.of(
                        "lagRecords", (double) lag.waiting(supervisor.partitions()),
                        "devices", (double) counters.deviceCount(),
                        "openWindows", (double) counters.openMinuteCount(),
                        "tasksBehind", (double) counters.tasksBehindCount()),
                Map.of(
                        "readings", counters.readings(),
                        "duplicates", counters.duplicates(),
                        "conflicts", counters.conflicts(),
                        "windowsFinal", counters.windows(WindowPhase.FINAL),
                        "windowsRevised", counters.windows(WindowPhase.REVISED),
                        "windowsRepair", counters.windows(WindowPhase.REPAIR),
                        "transitions", counters.transitions(),
                        "poison", counters.poisonRecords()));
    }

    private Producer<byte[], byte[]> newProducer() {
        Map<String, Object> config = new HashMap<>(kafka.clientProperties());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.applicationId() + "-heartbeat");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = timer;
        if (running != null) {
            running.shutdownNow();
            running.close();
            timer = null;
        }
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofSeconds(1));
            producer = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }
}
