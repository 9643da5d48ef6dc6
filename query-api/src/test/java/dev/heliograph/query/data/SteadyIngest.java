package dev.heliograph.query.data;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** What a writer does to the store, at a steady rate: measurements, newest samples, and windows once a minute is over. */
final class SteadyIngest implements AutoCloseable {
    private static final int BATCHES_A_SECOND = 4;
    private static final String MEASUREMENTS = """
            INSERT INTO measurement
            SELECT id, clock_timestamp(), 20 + random(), now() FROM series
             WHERE device LIKE 'd%' AND id BETWEEN ? AND ? ON CONFLICT DO NOTHING
            """;
    private static final String LATEST =
            "UPDATE latest SET ts = now(), received_at = now() WHERE series_id BETWEEN ? AND ?";
    private static final String WINDOWS = """
            INSERT INTO window_1m (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, last_ts,
                                   mean, m2)
            SELECT m.series_id, date_bin('1 minute', m.ts, 'epoch') AS start, 1, 0, count(*), sum(value), min(value), max(value),
                   min(value), min(ts), max(value), max(ts), avg(value), 0
              FROM series s JOIN measurement m ON m.series_id = s.id
               AND m.ts >= date_bin('1 minute', now(), 'epoch') - interval '1 minute'
               AND m.ts < date_bin('1 minute', now(), 'epoch')
             GROUP BY m.series_id, start
            ON CONFLICT DO NOTHING
            """;

    private final DataSource database;
    private final int devices;
    private final int rowsOfABatch;
    private final long started = System.nanoTime();
    private final AtomicLong stored = new AtomicLong();
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
    private int next = 1;

    private SteadyIngest(DataSource database, int devices, int perSecond) {
        this.database = database;
        this.devices = devices;
        this.rowsOfABatch = Math.min(devices, perSecond / BATCHES_A_SECOND);
    }

    /** Starts to store so many measurements a second, the devices in turns; none with 0. */
    static SteadyIngest start(DataSource database, int devices, int perSecond) {
        SteadyIngest ingest = new SteadyIngest(database, devices, perSecond);
        if (ingest.rowsOfABatch > 0) {
            ingest.schedule.scheduleAtFixedRate(
                    ingest::batch, 0, Duration.ofSeconds(1).toMillis() / BATCHES_A_SECOND, TimeUnit.MILLISECONDS);
            ingest.schedule.scheduleWithFixedDelay(ingest::windows, 5, 20, TimeUnit.SECONDS);
        }
        return ingest;
    }

    private void batch() {
        int last = Math.min(next + rowsOfABatch - 1, devices);
        try (Connection connection = database.getConnection();
                PreparedStatement rows = connection.prepareStatement(MEASUREMENTS);
                PreparedStatement latest = connection.prepareStatement(LATEST)) {
            connection.setAutoCommit(false);
            for (PreparedStatement one : new PreparedStatement[] {rows, latest}) {
                one.setInt(1, next);
                one.setInt(2, last);
            }
            stored.addAndGet(rows.executeUpdate());
            latest.executeUpdate();
            connection.commit();
        } catch (SQLException failure) {
            throw new IllegalStateException("the ingest failed", failure);
        }
        next = last == devices ? 1 : last + 1;
    }

    private void windows() {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.executeUpdate(WINDOWS);
        } catch (SQLException failure) {
            throw new IllegalStateException("the windows failed", failure);
        }
    }

    /** How much was stored, and at which rate. */
    String told() {
        double seconds = (System.nanoTime() - started) / 1e9;
        return String.format(
                Locale.ROOT,
                "ingest beside the questions: %,d measurements, %.0f a second",
                stored.get(),
                stored.get() / seconds);
    }

    @Override
    public void close() {
        schedule.shutdownNow();
    }
}
