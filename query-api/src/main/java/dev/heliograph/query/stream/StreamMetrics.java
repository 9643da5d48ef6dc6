package dev.heliograph.query.stream;

import dev.heliograph.query.fleet.FleetSummary;
import dev.heliograph.query.fleet.Freshness;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Numbers of the live stream. Thread-safe. */
public final class StreamMetrics implements Freshness {
    private static final int KEPT = 1_024;
    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final double MILLIS_PER_SECOND = 1_000.0;

    private final MeterRegistry meters;
    private final Clock clock;
    private final AtomicInteger clients = new AtomicInteger();
    private final Counter dropped;
    private final Counter slowClosed;
    private final Counter events;
    private final AtomicInteger partitions = new AtomicInteger();
    private final Counter records;
    private final Counter bytes;
    private final DistributionSummary freshness;
    private final long[] ages = new long[KEPT];
    private final long[] seenAt = new long[KEPT];
    private int next;
    private int filled;

    public StreamMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        Gauge.builder("heliograph.sse.clients", clients::get).register(meters);
        dropped = Counter.builder("heliograph.sse.dropped").register(meters);
        slowClosed = Counter.builder("heliograph.sse.slow.closed").register(meters);
        events = Counter.builder("heliograph.sse.events").register(meters);
        Gauge.builder("heliograph.sse.partitions", partitions::get)
                .description("partitions of the live topics that this instance reads for its viewers")
                .register(meters);
        records = Counter.builder("heliograph.sse.read.records")
                .description("records read from the live topics")
                .register(meters);
        bytes = Counter.builder("heliograph.sse.read.bytes")
                .description("keys and values of the records read from the live topics")
                .baseUnit("bytes")
                .register(meters);
        freshness = DistributionSummary.builder("heliograph.freshness.seconds")
                .description("from receipt at the gateway to the live stream")
                .publishPercentileHistogram()
                .minimumExpectedValue(0.001)
                .maximumExpectedValue(300.0)
                .register(meters);
    }

    int clients() {
        return clients.get();
    }

    int opened() {
        return clients.incrementAndGet();
    }

    void closed() {
        clients.decrementAndGet();
    }

    void dropped(int fragments) {
        dropped.increment(fragments);
    }

    void slowClosed() {
        slowClosed.increment();
    }

    void written(int frames) {
        events.increment(frames);
    }

    /** Notes how many partitions are read now. */
    void partitions(int read) {
        partitions.set(read);
    }

    /** Notes what was read. */
    void read(Collection<ConsumerRecord<byte[], byte[]>> some) {
        long size = 0;
        for (ConsumerRecord<byte[], byte[]> record : some) {
            size += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        }
        records.increment(some.size());
        bytes.increment(size);
    }

    /** Notes a record that could not be read and was passed over. */
    void unreadable(String topic) {
        meters.counter("heliograph.query.unreadable", "topic", topic).increment();
    }

    /** Notes the age of a reading that has just come. */
    synchronized void arrived(long receivedMillis) {
        long now = clock.millis();
        long age = Math.max(0, now - receivedMillis);
        freshness.record(age / MILLIS_PER_SECOND);
        ages[next] = age;
        seenAt[next] = now;
        next = (next + 1) % KEPT;
        filled = Math.min(KEPT, filled + 1);
    }

    @Override
    public synchronized Optional<FleetSummary.Lag> now() {
        long oldest = clock.millis() - RECENT.toMillis();
        long[] recent = new long[filled];
        int count = 0;
        for (int i = 0; i < filled; i++) {
            if (seenAt[i] >= oldest) {
                recent[count++] = ages[i];
            }
        }
        if (count == 0) {
            return Optional.empty();
        }
        Arrays.sort(recent, 0, count);
        return Optional.of(new FleetSummary.Lag(
                recent[(count - 1) / 2] / MILLIS_PER_SECOND,
                recent[(int) Math.ceil((count - 1) * 0.99)] / MILLIS_PER_SECOND));
    }
}
