package dev.heliograph.query.system;

import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.query.kafka.KafkaSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Says once a second how this instance is, hears from Kafka what time it is, and keeps the numbers about the store fresh. */
public final class Heartbeat implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long LAG_SECONDS = 2;
    private static final long SIZE_SECONDS = 10;
    private static final long CONTENTS_SECONDS = 30;

    private final @Nullable KafkaSettings kafka;
    private final StoreProbe store;
    private final MeterRegistry meters;
    private final AgreedClock clock;
    private final String version;
    private final String instance;
    private final long startedAt;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    private @Nullable ScheduledExecutorService schedule;

    /** @param kafka where to say it; null for nowhere */
    public Heartbeat(
            @Nullable KafkaSettings kafka,
            StoreProbe store,
            MeterRegistry meters,
            AgreedClock clock,
            Version version,
            String instance) {
        this.kafka = kafka;
        this.store = store;
        this.meters = meters;
        this.clock = clock;
        this.version = version.text();
        this.instance = instance;
        this.startedAt = Micros.of(clock.instant());
    }

    private void beat() {
        try {
            KafkaProducer<byte[], byte[]> open = producer;
            if (open != null) {
                String key = Pipeline.API + "/" + instance;
                AgreedClock.Question question = clock.ask();
                open.send(
                        new ProducerRecord<>(
                                Topics.SERVICE_STATUS,
                                null,
                                question.stamp(),
                                key.getBytes(StandardCharsets.UTF_8),
                                ServiceStatusRecord.CODEC.encode(status())),
                        (sent, failure) -> {
                            if (failure == null && question.answered(sent.timestamp())) {
                                LOG.warn("The clock of this machine is {} s ahead of Kafka's", clock.skewSeconds());
                            }
                        });
            }
        } catch (KafkaException away) {
            LOG.debug("The heartbeat is not heard: {}", away.getMessage());
        }
    }

    private ServiceStatusRecord status() {
        boolean well = store.usable();
        return new ServiceStatusRecord(
                WireCodec.VERSION,
                Pipeline.API,
                instance,
                version,
                startedAt,
                Micros.of(clock.instant()),
                well ? "up" : "degraded",
                well ? null : "store: " + store.detail(),
                Map.of("sseClients", gauge("heliograph.sse.clients")),
                Map.of(
                        "requests", counter("heliograph.query.requests"),
                        "errors", counter("heliograph.query.errors"),
                        "events", counter("heliograph.sse.events")));
    }

    private double gauge(String name) {
        Gauge gauge = meters.find(name).gauge();
        return gauge == null ? 0 : gauge.value();
    }

    private long counter(String name) {
        Counter counter = meters.find(name).counter();
        return counter == null ? 0 : (long) counter.count();
    }

    @Override
    public synchronized void start() {
        if (kafka != null) {
            Map<String, Object> properties = kafka.client("query-api-heartbeat");
            properties.put("acks", "1");
            // It says what time it is there: nothing waits for company, least of all by a clock that may be set.
            properties.put("linger.ms", "0");
            properties.put("enable.idempotence", "false");
            properties.put("max.block.ms", "1000");
            properties.put("delivery.timeout.ms", "5000");
            properties.put("request.timeout.ms", "4000");
            properties.put("buffer.memory", "1048576");
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        }
        ScheduledExecutorService fresh = Executors.newScheduledThreadPool(
                2, Thread.ofPlatform().name("heartbeat-", 0).daemon().factory());
        fresh.scheduleAtFixedRate(this::beat, 0, 1, TimeUnit.SECONDS);
        fresh.scheduleWithFixedDelay(store::refreshLag, 1, LAG_SECONDS, TimeUnit.SECONDS);
        fresh.scheduleWithFixedDelay(store::refreshSize, 0, SIZE_SECONDS, TimeUnit.SECONDS);
        fresh.scheduleWithFixedDelay(store::refreshContents, 1, CONTENTS_SECONDS, TimeUnit.SECONDS);
        schedule = fresh;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = schedule;
        if (running != null) {
            running.shutdownNow();
        }
        schedule = null;
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ofSeconds(1));
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return schedule != null;
    }
}
