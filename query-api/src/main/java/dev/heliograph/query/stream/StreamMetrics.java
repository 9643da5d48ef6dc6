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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers of the live stream. Thread-safe. */
public final class StreamMetrics implements Freshness {
    private static final int KEPT = 1_024;
    private static final Duration RECENT = Duration.ofMinutes(1);
    private static final double MILLIS_PER_SECOND = 1_000.0;

    private final Clock clock;
    private final AtomicInteger clients = new AtomicInteger();
    private final Counter dropped;
    private final Counter slowClosed;
    private final Counter events;
    private final DistributionSummary freshness;
    private final long[] ages = new long[KEPT];
    private final long[] seenAt = new long[KEPT];
    private int next;
    private int filled;

    public StreamMetrics(MeterRegistry meters, Clock clock) {
        this.clock = clock;
        Gauge.builder("heliograph.sse.clients", clients::get).register(meters);
        dropped = Counter.builder("heliograph.sse.dropped").register(meters);
        slowClosed = Counter.builder("heliograph.sse.slow.closed").register(meters);
        events = Counter.builder("heliograph.sse.events").register(meters);
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
