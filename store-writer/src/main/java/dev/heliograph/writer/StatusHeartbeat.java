package dev.heliograph.writer;

import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.writer.consume.WriterMetrics;
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

/** Says once a second on {@code service-status} how this writer is. A heartbeat that cannot be sent is not made up for. */
final class StatusHeartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusHeartbeat.class);
    private static final String SERVICE = "writer";
    private static final int MAX_BLOCK_MILLIS = 1_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 5_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final WriterSettings settings;
    private final KafkaAccess kafka;
    private final WriterMetrics metrics;
    private final AgreedClock clock;
    private final String instance;
    private final String version;
    private final long startedAt;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("store-writer-heartbeat").daemon().factory());
    private @Nullable Producer<byte[], byte[]> producer;

    StatusHeartbeat(WriterSettings settings, KafkaAccess kafka, WriterMetrics metrics, AgreedClock clock) {
        this.settings = settings;
        this.kafka = kafka;
        this.metrics = metrics;
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

    void start() {
        long interval = settings.statusInterval().toMillis();
        timer.scheduleAtFixedRate(this::beat, 0, interval, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        try {
            Producer<byte[], byte[]> open = producer;
            if (open == null) {
                open = producer();
                producer = open;
            }
            AgreedClock.Question question = clock.ask();
            open.send(
                    new ProducerRecord<>(
                            Topics.SERVICE_STATUS,
                            null,
                            question.stamp(),
                            (SERVICE + "/" + instance).getBytes(StandardCharsets.UTF_8),
                            ServiceStatusRecord.CODEC.encode(status())),
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
        boolean up = metrics.databaseUp();
        return new ServiceStatusRecord(
                WireCodec.VERSION,
                SERVICE,
                instance,
                version,
                startedAt,
                Micros.of(clock.instant()),
                up ? "up" : "degraded",
                up ? null : metrics.outage(),
                Map.of(
                        "lagRecords",
                        (double) metrics.lagRecords(),
                        "lagSeconds",
                        metrics.lagSeconds(),
                        "databaseUp",
                        up ? 1.0 : 0.0),
                metrics.counters());
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.consumer() + "-heartbeat");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        // The producer belongs to the timer's thread: it is closed there, after the last beat.
        timer.execute(() -> {
            Producer<byte[], byte[]> open = producer;
            if (open != null) {
                open.close(CLOSE_TIMEOUT);
            }
        });
        timer.shutdown();
    }
}
