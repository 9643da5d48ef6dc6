package dev.heliograph.stream.run;

import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.model.clock.WallSteps;
import dev.heliograph.model.wire.Topics;
import dev.heliograph.stream.StreamCounters;
import dev.heliograph.stream.device.DevicePolicy;
import dev.heliograph.stream.device.DeviceTopology;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The life of the stream: it waits for the topics, runs, and after a failure, or when the wall clock was set back, starts
 * anew, with pauses that grow. It never gives up by itself; its {@link #condition} says how it is.
 */
public final class StreamSupervisor implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSupervisor.class);
    private static final Duration TOPICS_EVERY = Duration.ofSeconds(1);
    private static final Duration SAY_EVERY = Duration.ofSeconds(10);
    private static final int ADMIN_TIMEOUT_MILLIS = 3_000;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

    private final StreamSettings settings;
    private final KafkaAccess kafka;
    private final StreamCounters counters;
    private final ReadingsLag lag;
    private final MeterRegistry meters;
    private final AgreedClock clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile StreamCondition condition;
    private volatile @Nullable KafkaStreams streams;

    StreamSupervisor(
            StreamSettings settings,
            KafkaAccess kafka,
            StreamCounters counters,
            ReadingsLag lag,
            MeterRegistry meters,
            AgreedClock clock) {
        this.settings = settings;
        this.kafka = kafka;
        this.counters = counters;
        this.lag = lag;
        this.meters = meters;
        this.clock = clock;
        this.condition = new StreamCondition(StreamCondition.Phase.WAITING, clock.instant(), "not started");
    }

    /** How the stream is now. */
    public StreamCondition condition() {
        return condition;
    }

    /** Partitions of {@code readings} that this instance works on. */
    Set<Integer> partitions() {
        KafkaStreams running = streams;
        if (running == null) {
            return Set.of();
        }
        return running.metadataForLocalThreads().stream()
                .flatMap(metadata -> metadata.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .filter(partition -> partition.topic().equals(Topics.READINGS))
                .map(partition -> partition.partition())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            thread = Thread.ofPlatform().name("stream-supervisor").start(this::supervise);
        }
    }

    private void supervise() {
        Duration pause = settings.recovery().firstPause();
        try {
            while (stopped.getCount() > 0) {
                if (awaitTopics() && runUntilFailed()) {
                    pause = settings.recovery().firstPause();
                }
                if (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    pause = shorter(pause.multipliedBy(2), settings.recovery().longestPause());
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        become(StreamCondition.Phase.STOPPED, "stopped");
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** True once all topics are there; false if it was stopped before. */
    private boolean awaitTopics() throws InterruptedException {
        RequiredTopics topics = new RequiredTopics(settings.deadLetterTopic());
        Map<String, Object> config = new HashMap<>(kafka.clientProperties());
        config.put("client.id", settings.applicationId() + "-topics");
        // Its close() waits for every open question; a Kafka that does not answer must not hold up a stop.
        config.put("default.api.timeout.ms", ADMIN_TIMEOUT_MILLIS);
        config.put("request.timeout.ms", ADMIN_TIMEOUT_MILLIS);
        try (Admin admin = Admin.create(config)) {
            long saidAt = System.nanoTime() - SAY_EVERY.toNanos();
            while (stopped.getCount() > 0) {
                Optional<String> problem = topics.problem(admin);
                if (problem.isEmpty()) {
                    return true;
                }
                become(StreamCondition.Phase.WAITING, problem.get());
                if (System.nanoTime() - saidAt >= SAY_EVERY.toNanos()) {
                    LOG.info("Waiting for Kafka at {}: {}", kafka.bootstrapServers(), problem.get());
                    saidAt = System.nanoTime();
                }
                if (stopped.await(TOPICS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            return false;
        } catch (KafkaException unreachable) {
            LOG.warn("Cannot reach Kafka at {}: {}", kafka.bootstrapServers(), unreachable.getMessage());
            become(StreamCondition.Phase.WAITING, String.valueOf(unreachable.getMessage()));
            return false;
        }
    }

    /** Runs until it is stopped or fails; true if it was in order at least once. */
    private boolean runUntilFailed() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch wasRunning = new CountDownLatch(1);
        StreamClients clients = new StreamClients();
        KafkaStreams running;
        try {
            Files.createDirectories(settings.stateDirectory());
            running =
                    new KafkaStreams(topology(), StreamsProperties.of(settings, kafka), clients, new StreamTime(clock));
        } catch (IOException unusable) {
            throw new UncheckedIOException("state directory " + settings.stateDirectory(), unusable);
        } catch (KafkaException refused) {
            LOG.error("The stream cannot be started", refused);
            become(StreamCondition.Phase.FAILED, String.valueOf(refused.getMessage()));
            return false;
        }
        ThreadReplacements replacements = new ThreadReplacements(
                settings.recovery().threadReplacements(), settings.recovery().period(), clock.withZone(ZoneOffset.UTC));
        running.setUncaughtExceptionHandler(replacements);
        running.setStateListener((now, before) -> {
            onState(now);
            if (now == KafkaStreams.State.RUNNING) {
                wasRunning.countDown();
            }
            if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
                failed.countDown();
            }
        });
        boolean clockWentBack;
        try (KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(running)) {
            metrics.bindTo(meters);
            streams = running;
            LOG.info(
                    "Starting with the state in {}; it is written in format {} of {}",
                    settings.stateDirectory().toAbsolutePath(),
                    settings.stateFormat(),
                    DevicePolicy.STATE_FORMAT);
            running.start();
            clockWentBack = awaitEnd(failed);
            if (clockWentBack) {
                LOG.warn("The wall clock was set back; the stream is started anew with clients that count from now");
                clients.wakeAll();
            }
        } finally {
            streams = null;
            // A static member stays a member: whoever restarts in time finds its work and its state where it was.
            running.close(CloseOptions.timeout(CLOSE_WITHIN)
                    .withGroupMembershipOperation(
                            settings.staticMembership()
                                    ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                    : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
        }
        if (stopped.getCount() > 0) {
            become(
                    StreamCondition.Phase.FAILED,
                    clockWentBack
                            ? "the wall clock was set back; the stream is started anew"
                            : replacements.refusal().orElse("the stream failed; see the log; it will be started anew"));
        }
        return wasRunning.getCount() == 0;
    }

    /**
     * True where it ended because the wall clock was set back: its consumers count by that, and would be silent, and so be
     * put out of their group, until it is where it was.
     */
    private boolean awaitEnd(CountDownLatch failed) throws InterruptedException {
        WallSteps steps = new WallSteps(InstantSource.system(), System::nanoTime);
        while (stopped.getCount() > 0 && !failed.await(100, TimeUnit.MILLISECONDS)) {
            if (steps.look().isNegative()) {
                return true;
            }
        }
        return false;
    }

    private Topology topology() {
        return DeviceTopology.build(
                settings.devicePolicy(),
                DeviceTopology.Storage.ROCKS_DB,
                settings.deadLetterTopic(),
                counters,
                lag::waiting);
    }

    private void onState(KafkaStreams.State state) {
        switch (state) {
            case CREATED, REBALANCING -> become(StreamCondition.Phase.REBALANCING, "sharing out the work");
            case RUNNING -> become(StreamCondition.Phase.RUNNING, "processing");
            case PENDING_ERROR, ERROR -> become(StreamCondition.Phase.FAILED, "the stream failed; see the log");
            case PENDING_SHUTDOWN, NOT_RUNNING -> LOG.debug("Kafka Streams is {}", state);
        }
    }

    private synchronized void become(StreamCondition.Phase phase, String detail) {
        StreamCondition before = condition;
        if (before.phase() != phase) {
            LOG.info("Stream: {} ({})", phase, detail);
            condition = new StreamCondition(phase, clock.instant(), detail);
        } else {
            condition = new StreamCondition(phase, before.since(), detail);
        }
    }

    @Override
    public void stop() {
        Thread running;
        synchronized (this) {
            running = thread;
            thread = null;
        }
        stopped.countDown();
        try {
            if (running != null && !running.join(CLOSE_WITHIN.plusSeconds(10))) {
                LOG.warn("The stream did not stop in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
