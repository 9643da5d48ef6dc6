package dev.heliograph.writer.consume;

import dev.heliograph.model.clock.WallSteps;
import dev.heliograph.writer.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writer's threads: each a consumer of the group. A consumer that fails is replaced, for ever and with back-off. */
public final class WriterThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriterThreads.class);
    /** So that two lost ones do not end it. */
    private static final int HEARTBEATS_IN_A_SESSION = 3;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ConsumeSettings settings;
    private final Store store;
    private final WriterMetrics metrics;
    private final TopicIds topics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Worker> workers = new ArrayList<>();

    public WriterThreads(ConsumeSettings settings, Store store, WriterMetrics metrics) {
        this.settings = settings;
        this.store = store;
        this.metrics = metrics;
        this.topics = new TopicIds(settings);
    }

    /** Starts the threads; once. */
    public synchronized void start() {
        for (int number = 0; number < settings.threads(); number++) {
            Worker worker = new Worker(settings.consumer() + "-" + number);
            workers.add(worker);
            worker.thread.start();
        }
    }

    /** Whether every thread is alive. */
    public synchronized boolean isRunning() {
        return !workers.isEmpty() && workers.stream().allMatch(worker -> worker.thread.isAlive());
    }

    /** Ends the threads after the transaction that each is in; waits for them. */
    @Override
    public synchronized void close() {
        stopping.countDown();
        workers.forEach(Worker::wakeup);
        for (Worker worker : workers) {
            try {
                worker.thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        workers.clear();
        topics.close();
    }

    private boolean stopped() {
        return stopping.getCount() == 0;
    }

    private Consumer<byte[], byte[]> consumer(String name) {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.consumer());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // The same partition of every topic goes to the same thread: a repair request meets the reading that it waits
        // for.
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(RangeAssignor.class));
        int sessionMillis = Math.toIntExact(settings.sessionTimeout().toMillis());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMillis);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionMillis / HEARTBEATS_IN_A_SESSION);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.maxBatchRecords());
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, settings.maxBatchBytes());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** One thread and its consumer of the moment. */
    private final class Worker {
        private final String name;
        private final Thread thread;
        private final Backoff restarts =
                new Backoff(settings.firstRetry(), settings.longestRetry(), ThreadLocalRandom.current());
        private volatile Runnable wakeup = () -> {};

        Worker(String name) {
            this.name = name;
            this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
        }

        void wakeup() {
            wakeup.run();
        }

        private void run() {
            try {
                while (!stopped()) {
                    try {
                        consume();
                    } catch (WakeupException | InterruptException stop) {
                        LOG.debug("{}: woken", name, stop);
                    } catch (RuntimeException failure) {
                        replace(failure);
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } finally {
                metrics.stopped(name);
                LOG.info("{}: stopped", name);
            }
        }

        private void consume() {
            Consumer<byte[], byte[]> consumer = consumer(name);
            wakeup = consumer::wakeup;
            try {
                PartitionWriter writer = new PartitionWriter(
                        name,
                        consumer,
                        store,
                        topics::ids,
                        settings,
                        metrics,
                        new Backoff(settings.firstRetry(), settings.longestRetry(), ThreadLocalRandom.current()));
                writer.subscribe();
                // A consumer counts by the wall clock: set back, it would be silent and put out of its group.
                WallSteps steps = new WallSteps(InstantSource.system(), System::nanoTime);
                while (!stopped() && !steps.look().isNegative()) {
                    writer.step();
                    restarts.reset();
                }
            } finally {
                wakeup = () -> {};
                close(consumer);
            }
        }

        private void close(Consumer<byte[], byte[]> consumer) {
            try {
                consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_TIMEOUT));
            } catch (KafkaException failure) {
                LOG.warn("{}: cannot leave the group in order: {}", name, failure.getMessage());
            }
        }

        private void replace(RuntimeException failure) throws InterruptedException {
            Duration pause = restarts.next();
            LOG.error("{}: the consumer failed and is replaced in {} ms", name, pause.toMillis(), failure);
            metrics.outage(name, "consumer failed: " + failure);
            metrics.retried("consumer");
            if (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                metrics.recovered(name);
            }
        }
    }
}
