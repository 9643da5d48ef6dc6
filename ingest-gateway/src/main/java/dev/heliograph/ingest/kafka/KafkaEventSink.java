package dev.heliograph.ingest.kafka;

import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.intake.EventTooLarge;
import dev.heliograph.ingest.ledger.Claims;
import dev.heliograph.model.clock.WallSteps;
import dev.heliograph.model.wire.LedgerStamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events to Kafka: acknowledged by all in-sync replicas, idempotent, in order for each key.
 *
 * <p>{@code KafkaProducer.send} blocks when it lacks metadata or memory, which is exactly when Kafka is in trouble; so
 * one thread of its own calls it, and the callers only queue. The queue needs no bound of its own: what waits in it is in
 * flight and counted by the {@link dev.heliograph.ingest.intake.InFlightBudget}, whose exhaustion stops the reading of
 * sockets.
 *
 * <p>The producer counts its time by the wall clock. What it gives up because somebody has set that ahead is handed to it
 * again, until the time for delivery is over by a clock that nobody can set. Where the wall clock is set back, it would wait
 * for that long before it sends or connects again: another one takes its place. Either may change the order of what was on its
 * way.
 */
public final class KafkaEventSink implements EventSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventSink.class);
    private static final int HANDOFF_BATCH = 512;
    private static final long REPORT_EVERY = 1_000;
    private static final String LARGE = Integer.toString(2 * 1024 * 1024);

    private static final Duration RENEW_WITHIN = Duration.ofSeconds(5);

    /** @param sinceNanos when it was taken, by the clock of durations */
    private record Handoff(Event event, Completion completion, long sinceNanos) {}

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final long deliveryNanos;
    private final LongSupplier nanoTime;
    private final WallSteps wallSteps;
    private final Claims claims;
    private final BlockingQueue<Handoff> queue = new LinkedBlockingQueue<>();
    private final Thread sender;
    private final AtomicLong failures = new AtomicLong();
    private volatile Producer<byte[], byte[]> producer;
    private final AtomicInteger edition = new AtomicInteger();
    private volatile boolean closing;
    private volatile @Nullable Thread closer;

    /** @param claims told about every event that the ledger counts, and what became of it */
    public KafkaEventSink(KafkaSettings settings, Claims claims) {
        this(
                () -> new KafkaProducer<>(properties(settings), new ByteArraySerializer(), new ByteArraySerializer()),
                settings.deliveryTimeout(),
                claims,
                InstantSource.system(),
                System::nanoTime);
    }

    /**
     * A sink over other producers.
     *
     * @param producers makes one that is ready to use, and another whenever the wall clock was set back
     * @param deliveryTimeout how long an event may wait for Kafka
     */
    KafkaEventSink(
            Supplier<Producer<byte[], byte[]>> producers,
            Duration deliveryTimeout,
            Claims claims,
            InstantSource wall,
            LongSupplier nanoTime) {
        this.producers = producers;
        this.deliveryNanos = deliveryTimeout.toNanos();
        this.nanoTime = nanoTime;
        this.wallSteps = new WallSteps(wall, nanoTime);
        this.claims = claims;
        this.producer = producers.get();
        this.sender = Thread.ofPlatform().name("kafka-handoff").daemon().start(this::sendAll);
    }

    private static Map<String, Object> properties(KafkaSettings settings) {
        Map<String, Object> properties = settings.clientProperties("ingest-gateway");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
        properties.put(
                ProducerConfig.LINGER_MS_CONFIG, Long.toString(settings.linger().toMillis()));
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(64 * 1024));
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGE);
        // With more, the second batch of a partition can be taken by a leader that is only just getting ready and has
        // refused
        // the first, which is then out of sequence until its delivery timeout ends (KAFKA-15591).
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        // The connection by which it began is needed again when the others have ended, and may then lead to an address
        // that a broker has left: one that nobody needs is closed, and its name looked up when it is needed.
        properties.putIfAbsent(ProducerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, "30000");
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000");
        properties.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, "1000");
        properties.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Long.toString(settings.deliveryTimeout().toMillis()));
        // The hand-off thread may wait as long as a batch may: what it holds up is bounded by the budget.
        properties.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                Long.toString(settings.deliveryTimeout().toMillis()));
        // A topic that is seldom written to (the quarantine) must not lose its metadata.
        properties.put(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                Long.toString(Duration.ofDays(20).toMillis()));
        return properties;
    }

    @Override
    public void send(Event event, Completion completion) {
        Handoff handoff = new Handoff(event, completion, nanoTime.getAsLong());
        if (closing && Thread.currentThread() == closer) {
            send(handoff);
            return;
        }
        if (closing) {
            completion.completed(new IllegalStateException("the gateway is shutting down"));
            return;
        }
        queue.add(handoff);
    }

    /** Waits until the topics can be written to, so that the first message does not wait for metadata. Blocks. */
    public void warmUp(List<String> topics) {
        topics.forEach(producer::partitionsFor);
    }

    /** Events that Kafka did not take in time, since the start. */
    public long failures() {
        return failures.get();
    }

    private void sendAll() {
        List<Handoff> batch = new ArrayList<>(HANDOFF_BATCH);
        try {
            while (!closing || !queue.isEmpty()) {
                Handoff first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (wallSteps.look().isNegative()) {
                    renew();
                }
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, HANDOFF_BATCH - 1);
                for (Handoff handoff : batch) {
                    send(handoff);
                }
                batch.clear();
            }
        } catch (InterruptedException | InterruptException stopped) {
            Thread.currentThread().interrupt();
            LOG.debug("The hand-off to Kafka was interrupted", stopped);
        } finally {
            closing = true;
            for (Handoff left = queue.poll(); left != null; left = queue.poll()) {
                left.completion().completed(new IllegalStateException("the gateway has shut down"));
            }
        }
    }

    private void send(Handoff handoff) {
        Event event = handoff.event();
        // Counted here, by the one thread that sends: what a record carries is true of all that were sent before it.
        Claims.@Nullable Ticket ticket =
                event.units() == 0 ? null : claims.sent(event.tenant(), event.timestampMillis(), event.units());
        ProducerRecord<byte[], byte[]> producerRecord = new ProducerRecord<>(
                event.topic(),
                null,
                event.timestampMillis(),
                event.key().getBytes(StandardCharsets.UTF_8),
                event.value(),
                ticket == null ? List.of() : List.of(header(ticket)));
        int sentBy = edition.get();
        try {
            producer.send(producerRecord, (metadata, failure) -> {
                if (failure == null) {
                    if (ticket != null) {
                        claims.acknowledged(ticket, metadata.topic(), metadata.partition(), metadata.offset());
                    }
                    handoff.completion().stored(metadata.timestamp());
                    handoff.completion().completed(null);
                    return;
                }
                if (failure instanceof RecordTooLargeException) {
                    // It was in no batch with another: those are divided first, by the producer.
                    withdraw(ticket);
                    report(event, failure);
                    handoff.completion().completed(new EventTooLarge(event, failure));
                    return;
                }
                if (ticket != null) {
                    claims.unsure(ticket);
                }
                if (isGivenUpTooSoon(handoff, failure, sentBy)) {
                    queue.add(handoff);
                } else {
                    report(event, failure);
                    handoff.completion().completed(failure);
                }
            });
        } catch (InterruptException stopped) {
            withdraw(ticket);
            handoff.completion().completed(stopped);
            throw stopped;
        } catch (RuntimeException refused) {
            withdraw(ticket);
            report(event, refused);
            handoff.completion().completed(refused);
        }
    }

    /** The producer has no more time for it, and yet there is some. */
    private boolean isGivenUpTooSoon(Handoff handoff, Throwable failure, int sentBy) {
        boolean byTheClock = failure instanceof TimeoutException || sentBy != edition.get();
        return byTheClock && !closing && nanoTime.getAsLong() - handoff.sinceNanos() < deliveryNanos;
    }

    /** What is on its way has a moment to arrive; what does not is handed to the next producer. */
    private void renew() throws InterruptedException {
        LOG.warn("The wall clock was set back; a new producer takes the place of one that counts by it");
        edition.incrementAndGet();
        producer.close(RENEW_WITHIN);
        while (!closing) {
            try {
                producer = producers.get();
                return;
            } catch (KafkaException unresolved) {
                LOG.warn("There is no new producer yet", unresolved);
                Thread.sleep(RENEW_WITHIN);
            }
        }
    }

    private void withdraw(Claims.@Nullable Ticket ticket) {
        if (ticket != null) {
            claims.withdrawn(ticket);
        }
    }

    private static Header header(Claims.Ticket ticket) {
        return new RecordHeader(LedgerStamp.HEADER, ticket.stamp().encode());
    }

    /** The first failure and then one of a thousand: an outage must not fill the disk with its own report. */
    private void report(Event event, Throwable failure) {
        if (failures.getAndIncrement() % REPORT_EVERY == 0) {
            LOG.warn("Kafka did not take a record for {} ({} failures so far)", event.topic(), failures.get(), failure);
        }
    }

    /**
     * Sends what is queued, waits for its acknowledgement for at most the given time, and closes.
     *
     * @param last run when all that was queued has been handed to Kafka; what it sends still goes
     */
    public void close(Duration timeout, Runnable last) {
        closing = true;
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            sender.join(timeout);
            sender.interrupt();
            sender.join(Duration.ofSeconds(1));
            closer = Thread.currentThread();
            last.run();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(10), () -> {});
    }
}
