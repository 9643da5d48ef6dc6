package dev.heliograph.writer;

import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.connections.Causes;
import dev.heliograph.model.clock.AgreedClock;
import dev.heliograph.storage.DatabaseSchema;
import dev.heliograph.storage.RetentionJob;
import dev.heliograph.writer.consume.ConsumeSettings;
import dev.heliograph.writer.consume.WriterMetrics;
import dev.heliograph.writer.consume.WriterThreads;
import dev.heliograph.writer.revise.KafkaRevisionTopic;
import dev.heliograph.writer.revise.RevisionRelay;
import dev.heliograph.writer.store.JdbcStore;
import dev.heliograph.writer.store.LedgerWatch;
import dev.heliograph.writer.store.MetricRanges;
import dev.heliograph.writer.store.RevisionNotices;
import dev.heliograph.writer.store.SequenceLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer as a whole, without Spring: pool, migration, threads, heartbeat, retention. Starting returns at once; the
 * writer waits for the database in the background, for ever, and says so.
 */
public final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final String STARTING = "start";
    /** Well below the time after which the server ends a transaction in which nothing happens. */
    private static final Duration REVISION_WAIT = Duration.ofSeconds(3);

    private final WriterSettings settings;
    private final AgreedClock clock;
    private final WriterMetrics metrics;
    private final HikariDataSource database;
    private final WriterThreads threads;
    private final StatusHeartbeat heartbeat;
    private final RetentionJob retention;
    private final MetricRanges ranges;
    private final RevisionRelay revisions;
    private final LedgerWatch ledgerWatch;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ScheduledExecutorService background = Executors.newScheduledThreadPool(
            1, Thread.ofPlatform().name("store-writer-background").daemon().factory());

    /** Opens nothing yet but the pool. */
    public Writer(WriterSettings settings, KafkaAccess kafka, DatabaseAccess access, MeterRegistry registry) {
        this.settings = settings;
        this.metrics = new WriterMetrics(registry);
        this.database = WriterPool.of(settings, access);
        this.ranges = new MetricRanges(database);
        this.clock = new AgreedClock(InstantSource.system(), System::nanoTime);
        Gauge.builder("heliograph.clock.skew.seconds", clock, AgreedClock::skewSeconds)
                .tag("part", "writer")
                .description("How far the clock of this machine is ahead of Kafka's")
                .register(registry);
        RevisionNotices notices = new RevisionNotices(settings.revisions().windows());
        this.threads = new WriterThreads(
                new ConsumeSettings(
                        kafka.bootstrapServers(),
                        settings.consumer(),
                        settings.threads(),
                        settings.sessionTimeout(),
                        settings.maxBatchRecords(),
                        settings.maxBatchBytes(),
                        settings.linger(),
                        settings.firstRetry(),
                        settings.longestRetry(),
                        kafka.properties()),
                new JdbcStore(
                        database,
                        settings.consumer(),
                        settings.seriesCacheSize(),
                        settings.repair().settings(),
                        new SequenceLimits(
                                settings.ledger().longestGap(),
                                settings.ledger().gapsPerDevice()),
                        ranges,
                        notices),
                metrics);
        this.revisions = new RevisionRelay(
                database,
                notices,
                new KafkaRevisionTopic(kafka.client(), settings.consumer() + "-revisions", REVISION_WAIT),
                settings.revisions().interval(),
                settings.revisions().maxWaiting(),
                clock.withZone(ZoneOffset.UTC),
                registry);
        this.heartbeat = new StatusHeartbeat(settings, kafka, metrics, clock);
        this.ledgerWatch = new LedgerWatch(
                database, settings.ledger().inFlightBound(), settings.ledger().watch(), registry);
        this.retention = new RetentionJob(database, settings.retention().settings(), clock.withZone(ZoneOffset.UTC));
    }

    /** Starts the writer; once. */
    public void start() {
        heartbeat.start();
        metrics.outage(STARTING, "waiting for the database to look at its schema");
        background.execute(() -> prepareThenWrite(settings.firstRetry()));
    }

    private void prepareThenWrite(Duration pause) {
        try {
            if (settings.migrateAtStart()) {
                int applied = DatabaseSchema.migrate(database);
                LOG.info("The schema is current, {} migrations applied", applied);
            } else {
                DatabaseSchema.requireUsable(database);
            }
            metrics.recovered(STARTING);
            write();
        } catch (RuntimeException failure) {
            metrics.outage(STARTING, "the schema cannot be used: " + Causes.inWords(failure));
            LOG.warn("Cannot use the schema, next attempt in {} ms: {}", pause.toMillis(), Causes.inWords(failure));
            LOG.debug("Cannot use the schema", failure);
            Duration doubled = pause.multipliedBy(2);
            Duration next = doubled.compareTo(settings.longestRetry()) > 0 ? settings.longestRetry() : doubled;
            background.schedule(() -> prepareThenWrite(next), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write() {
        threads.start();
        revisions.start();
        long look = settings.ledger().interval().toMillis();
        background.scheduleWithFixedDelay(ledgerWatch::look, look, look, TimeUnit.MILLISECONDS);
        long noted = settings.rangesInterval().toMillis();
        background.scheduleWithFixedDelay(this::writeRanges, noted, noted, TimeUnit.MILLISECONDS);
        if (settings.retention().enabled()) {
            background.execute(this::announceRetention);
            long interval = settings.retention().interval().toMillis();
            background.scheduleWithFixedDelay(this::deleteOld, interval, interval, TimeUnit.MILLISECONDS);
        }
    }

    private void writeRanges() {
        try {
            ranges.flush();
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("Could not write the ranges of metrics; they are kept for the next attempt", failure);
        }
    }

    private void announceRetention() {
        try {
            retention.announce();
        } catch (SQLException | RuntimeException failure) {
            LOG.warn("Could not tell readers how long data is kept; next attempt with the next deletion", failure);
        }
    }

    private void deleteOld() {
        try {
            var deleted = retention.run();
            if (!deleted.isEmpty()) {
                LOG.info("Deleted what is older than it is kept: {}", deleted);
            }
        } catch (SQLException | RuntimeException failure) {
            LOG.warn("Could not delete what is older than it is kept; next attempt at the next interval", failure);
        }
    }

    /** What the writer counts. */
    public WriterMetrics metrics() {
        return metrics;
    }

    /** Whether rows flow, or would if there were any. */
    public boolean isReady() {
        return threads.isRunning() && metrics.databaseUp();
    }

    /** Ends after the transactions under way; again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        background.shutdownNow();
        threads.close();
        revisions.close();
        writeRanges();
        heartbeat.close();
        database.close();
    }
}
