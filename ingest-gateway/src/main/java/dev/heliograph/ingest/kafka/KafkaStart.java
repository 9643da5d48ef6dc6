package dev.heliograph.ingest.kafka;

import dev.heliograph.ingest.ledger.ClaimWriter;
import dev.heliograph.model.wire.Topics;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes the way to Kafka: topics checked, producer warm, device table being read. */
public final class KafkaStart {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaStart.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLAIM_TIMEOUT = Duration.ofSeconds(5);
    private static final List<String> WRITTEN =
            List.of(Topics.READINGS, Topics.QUARANTINE, Topics.DEVICE_SESSIONS, Topics.SERVICE_STATUS, Topics.LEDGER);

    private final KafkaSettings settings;
    private final Duration startTimeout;
    private final KafkaEventSink sink;
    private final DeviceTableFeed devices;
    private final ClaimWriter claims;
    private final Duration claimInterval;
    private volatile boolean reachable;

    /** Opens nothing yet. */
    public KafkaStart(
            KafkaSettings settings,
            Duration startTimeout,
            KafkaEventSink sink,
            DeviceTableFeed devices,
            ClaimWriter claims,
            Duration claimInterval) {
        this.settings = settings;
        this.startTimeout = startTimeout;
        this.sink = sink;
        this.devices = devices;
        this.claims = claims;
        this.claimInterval = claimInterval;
    }

    /**
     * Opens the way. Waits for a Kafka that is not there yet.
     *
     * @throws WrongTopics if a topic is not as configured
     * @throws KafkaException if Kafka cannot be reached within the time
     */
    public void start() {
        TopicAdministration topics = new TopicAdministration(settings);
        patiently(settings, startTimeout, () -> {
            topics.ensure();
            return topics;
        });
        sink.warmUp(WRITTEN);
        devices.start();
        claims.start(claimInterval);
        reachable = true;
    }

    /**
     * Makes what needs Kafka, or at least somebody who knows where it is: a client cannot be made while none of the names
     * stands for an address.
     *
     * @throws KafkaException if it cannot be made within the time
     */
    public static <T> T patiently(KafkaSettings settings, Duration limit, Supplier<T> what) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return what.get();
            } catch (KafkaException unreachable) {
                if (System.nanoTime() > deadline) {
                    throw unreachable;
                }
                Throwable cause = unreachable.getCause();
                LOG.warn(
                        "Kafka at {} is not ready: {}",
                        settings.bootstrapServers(),
                        (cause == null ? unreachable : cause).getMessage());
                pause();
            }
        }
    }

    /** Whether Kafka has been reached, its topics are right and their metadata known. */
    public boolean isReachable() {
        return reachable;
    }

    /** Closes the way: what was sent is acknowledged first, within a bound. */
    public void stop() {
        devices.close();
        sink.close(FLUSH_TIMEOUT, () -> claims.close(CLAIM_TIMEOUT));
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_AFTER);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", stopped);
        }
    }
}
