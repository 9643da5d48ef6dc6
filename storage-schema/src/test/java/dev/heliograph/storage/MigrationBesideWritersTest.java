package dev.heliograph.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Migrations of a store that is full and in use: a writer commits batches to the hot tables, and a reader holds each of them
 * for a while, as a long report does. Neither may wait for a lock longer than a migration may.
 */
class MigrationBesideWritersTest {
    /** The schema that the store has at first. */
    private static final String FIRST = "6";

    private static final Duration READ = Duration.ofMillis(1_500);
    private static final List<String> HOT = List.of(
            "measurement",
            "state_change",
            "latest",
            "window_10s",
            "window_1m",
            "window_1h",
            "presence",
            "ledger",
            "consumer_offset",
            "series");
    private static final String WRITE = """
            WITH m AS (INSERT INTO measurement SELECT s, now() + ? * interval '1 ms', 1, now() FROM generate_series(1, 50) s),
                 w AS (INSERT INTO window_10s SELECT s, now() + ? * interval '1 ms', 1, 0, 1, 1, 1, 1, 1, now(), 1, now(), 1, 0
                         FROM generate_series(1, 50) s),
                 l AS (INSERT INTO ledger (tenant, minute, stored) VALUES ('demo', date_trunc('minute', now()), 1)
                       ON CONFLICT (tenant, minute) DO UPDATE SET stored = ledger.stored + 1)
            INSERT INTO latest (series_id, ts, value, received_at) SELECT s, now(), 1, now() FROM generate_series(1, 50) s
            ON CONFLICT (series_id) DO UPDATE SET ts = excluded.ts
            """;

    static Stream<Arguments> stores() {
        List<Arguments> stores = new ArrayList<>();
        stores.add(Arguments.of("postgres", TestDatabase.empty()));
        TestDatabase.emptyTimescale().ifPresent(one -> stores.add(Arguments.of("timescale", one)));
        return stores.stream();
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenFullStoreInUse_whenMigrated_thenNobodyWaitsForALock(String store, DataSource database) throws Exception {
        populate(database);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong batches = new AtomicLong();
        CountDownLatch running = new CountDownLatch(2);
        int applied;
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            try {
                Future<?> writer = others.submit(() -> write(database, stop, batches, running));
                Future<?> reader = others.submit(() -> read(database, stop, running));
                assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
                long before = batches.get();

                applied = DatabaseSchema.migrate(database);

                long during = batches.get() - before;
                stop.set(true);
                // What failed there fails here.
                writer.get(30, TimeUnit.SECONDS);
                reader.get(30, TimeUnit.SECONDS);
                assertThat(during).as("batches committed beside the migration").isPositive();
            } finally {
                stop.set(true);
            }
        }

        assertThat(applied).isPositive();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            assertThat(RetentionContract.number(sql, "SELECT max FROM metric_range WHERE tenant = 'demo'"))
                    .as("what was stored before is seen")
                    .isEqualTo(719);
        }
    }

    private static void populate(DataSource database) throws SQLException {
        Flyway.configure(DatabaseSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/migration")
                .target(FIRST)
                .load()
                .migrate();
        Hypertables.createWhereTimescaleIsInstalled(database);
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO series (tenant, device, metric) SELECT 'demo', 'd' || n, 't' FROM generate_series(1, 50) n");
            sql.execute("""
                    INSERT INTO measurement
                    SELECT id, now() - n * interval '1 hour', n, now() FROM series, generate_series(0, 719) n
                    """);
            for (String table : List.of("window_10s", "window_1m", "window_1h")) {
                sql.execute(
                        "INSERT INTO " + table + " (series_id, start_at, phase, revision, count, sum, min, max, first, "
                                + "first_ts, last, last_ts, mean, m2) SELECT series_id, ts, 1, 0, 1, value, value, value, value, ts, "
                                + "value, ts, value, 0 FROM measurement");
            }
        }
    }

    /** As the writer: small transactions one after the other, that give up where they would wait. */
    private static Void write(DataSource database, AtomicBoolean stop, AtomicLong batches, CountDownLatch running)
            throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement();
                PreparedStatement write = connection.prepareStatement(WRITE)) {
            sql.execute("SET lock_timeout = "
                    + DatabaseSchema.LOCK_WAIT.plusMillis(500).toMillis());
            while (!stop.get()) {
                long number = batches.incrementAndGet();
                write.setLong(1, number);
                write.setLong(2, number);
                write.executeUpdate();
                running.countDown();
            }
        }
        return null;
    }

    /** As a report: holds every hot table from its first row to its end. */
    private static Void read(DataSource database, AtomicBoolean stop, CountDownLatch running) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("SET lock_timeout = "
                    + DatabaseSchema.LOCK_WAIT.plusMillis(500).toMillis());
            connection.setAutoCommit(false);
            while (!stop.get()) {
                for (String table : HOT) {
                    sql.execute("SELECT 1 FROM " + table + " LIMIT 1");
                }
                sql.execute("SELECT pg_sleep(" + READ.toMillis() / 1_000.0 + ")");
                running.countDown();
                connection.commit();
            }
        }
        return null;
    }
}
