package dev.heliograph.writer.consume;

import dev.heliograph.writer.store.WriteOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the writer counts: as meters, and as plain sums for the heartbeat. Thread-safe. */
public final class WriterMetrics {
    /** How far one thread is behind. */
    private record Lag(long records, double seconds) {}

    private final MeterRegistry registry;
    private final Timer batches;
    private final Counter missed;
    private final Counter filled;
    private final LongAdder readings = new LongAdder();
    private final Counter missedRecords;
    private final Counter recreated;
    private final LongAdder measurements = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder batchCount = new LongAdder();
    private final Map<String, Lag> lagByThread = new ConcurrentHashMap<>();
    private final Map<String, String> outageByThread = new ConcurrentHashMap<>();

    public WriterMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batches = Timer.builder("heliograph.writer.batch.seconds")
                .description("Time of one transaction of the writer")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
        // There from the start: an increase from nothing is not seen.
        this.missed = Counter.builder("heliograph.writer.sequence.missed")
                .description("Readings that devices numbered and that were skipped")
                .register(registry);
        this.filled = Counter.builder("heliograph.writer.sequence.filled")
                .description("Readings that were skipped before and came after all")
                .register(registry);
        this.missedRecords = registry.counter("heliograph.writer.missed.records");
        this.recreated = registry.counter("heliograph.writer.topics.recreated");
        Gauge.builder("heliograph.writer.lag.records", this, WriterMetrics::lagRecords)
                .description("Records that the writer has not stored yet")
                .register(registry);
        Gauge.builder("heliograph.writer.lag.seconds", this, WriterMetrics::lagSeconds)
                .description("Age of what the writer stored last, 0 where it has stored all")
                .register(registry);
        Gauge.builder("heliograph.writer.database.up", this, metrics -> metrics.databaseUp() ? 1 : 0)
                .description("1 while the database takes what the writer writes")
                .register(registry);
    }

    void wrote(WriteOutcome outcome, long readingsInBatch, Duration took) {
        batches.record(took);
        batchCount.increment();
        readings.add(readingsInBatch);
        measurements.add(outcome.rows("measurement"));
        duplicates.add(outcome.duplicates());
        conflicts.add(outcome.conflicts());
        missed.increment(outcome.skipped().missed());
        filled.increment(outcome.skipped().filled());
        outcome.rows()
                .forEach((table, rows) -> registry.counter("heliograph.writer.rows", "table", table)
                        .increment(rows));
        outcome.quarantined()
                .forEach((reason, rows) -> registry.counter("heliograph.writer.quarantined", "reason", reason)
                        .increment(rows));
        if (outcome.duplicates() > 0) {
            registry.counter("heliograph.writer.duplicates").increment(outcome.duplicates());
        }
    }

    void corrected(Duration took) {
        registry.timer("heliograph.writer.correction.seconds").record(took);
    }

    void retried(String why) {
        registry.counter("heliograph.writer.retries", "why", why).increment();
    }

    /** Records that Kafka had deleted before they were stored: the one loss that the writer cannot prevent. */
    void missed(long records) {
        missedRecords.increment(records);
    }

    /** A topic was deleted and made anew: what was in it and not stored is lost. */
    void topicRecreated() {
        recreated.increment();
    }

    void lag(String thread, long records, double seconds) {
        lagByThread.put(thread, new Lag(records, seconds));
    }

    /** Says that a thread waits, and why. */
    public void outage(String thread, String why) {
        outageByThread.put(thread, why);
    }

    /** Says that a thread no longer waits. */
    public void recovered(String thread) {
        outageByThread.remove(thread);
    }

    void stopped(String thread) {
        lagByThread.remove(thread);
        outageByThread.remove(thread);
    }

    /** Records not stored yet, over all partitions of this instance. */
    public long lagRecords() {
        return lagByThread.values().stream().mapToLong(Lag::records).sum();
    }

    /** Greatest age of the newest stored record of a thread that is behind; 0 where none is. */
    public double lagSeconds() {
        return lagByThread.values().stream().mapToDouble(Lag::seconds).max().orElse(0);
    }

    /** Whether no thread is waiting for the database or for Kafka. */
    public boolean databaseUp() {
        return outageByThread.isEmpty();
    }

    /** Why the writer waits; empty text while it does not. */
    public String outage() {
        return String.join(
                "; ", outageByThread.values().stream().distinct().sorted().toList());
    }

    /** Sums since the start, by the names of the heartbeat. */
    public Map<String, Long> counters() {
        return Map.of(
                "readings", readings.sum(),
                "measurements", measurements.sum(),
                "duplicates", duplicates.sum(),
                "conflicts", conflicts.sum(),
                "batches", batchCount.sum());
    }
}
