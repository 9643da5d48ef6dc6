package dev.heliograph.ingest.status;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ServiceStatusRecord;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.model.wire.WireCodec;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the topic {@code service-status} once a second how this instance is, and hears from Kafka what time it is. */
public final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final String SERVICE = "ingest-gateway";
    private static final long PERIOD_MILLIS = 1_000;

    private final String instance;
    private final EventSink sink;
    private final AgreedClock clock;
    private final Supplier<Map<String, Double>> gauges;
    private final Supplier<Map<String, Long>> counters;
    private final Supplier<@Nullable String> trouble;
    private final long startedAtMicros;
    private final AtomicBoolean onItsWay = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("heartbeat").daemon().factory());

    /**
     * A heartbeat, not yet started.
     *
     * @param instance name of this instance
     * @param gauges what is now
     * @param counters what has been since the start
     * @param trouble why the instance is degraded, or null while it is not
     */
    public Heartbeat(
            String instance,
            EventSink sink,
            AgreedClock clock,
            Supplier<Map<String, Double>> gauges,
            Supplier<Map<String, Long>> counters,
            Supplier<@Nullable String> trouble) {
        this.instance = instance;
        this.sink = sink;
        this.clock = clock;
        this.gauges = gauges;
        this.counters = counters;
        this.trouble = trouble;
        this.startedAtMicros = Micros.of(clock.instant());
    }

    /** Starts to beat. */
    public void start() {
        timer.scheduleAtFixedRate(this::beat, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Ends it. */
    public void stop() {
        timer.shutdownNow();
    }

    private void beat() {
        // While Kafka is away one beat waits, not one for every second.
        if (!onItsWay.compareAndSet(false, true)) {
            return;
        }
        try {
            byte[] value = ServiceStatusRecord.CODEC.encode(status(Micros.of(clock.instant())));
            AgreedClock.Question question = clock.ask();
            sink.send(
                    new Event(Topics.SERVICE_STATUS, SERVICE + "/" + instance, value, question.stamp()),
                    new Beat(question));
        } catch (RuntimeException fault) {
            // A periodic task that throws is never run again.
            onItsWay.set(false);
            LOG.error("No heartbeat this time", fault);
        }
    }

    /** A beat on its way. */
    private final class Beat implements EventSink.Completion {
        private final AgreedClock.Question question;

        Beat(AgreedClock.Question question) {
            this.question = question;
        }

        @Override
        public void stored(long kafkaMillis) {
            if (question.answered(kafkaMillis)) {
                LOG.warn("The clock of this machine is {} s ahead of Kafka's", clock.skewSeconds());
            }
        }

        @Override
        public void completed(@Nullable Throwable failure) {
            onItsWay.set(false);
        }
    }

    private ServiceStatusRecord status(long nowMicros) {
        String detail = trouble.get();
        return new ServiceStatusRecord(
                WireCodec.VERSION,
                SERVICE,
                instance,
                version(),
                startedAtMicros,
                nowMicros,
                detail == null ? "up" : "degraded",
                detail,
                gauges.get(),
                counters.get());
    }

    private static String version() {
        String version = Heartbeat.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
