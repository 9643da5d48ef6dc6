package dev.heliograph.writer.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.storage.DatabaseSchema;
import dev.heliograph.writer.consume.BatchWriter;
import dev.heliograph.writer.consume.WriterMetrics;
import dev.heliograph.writer.plan.Place;
import dev.heliograph.writer.plan.TestRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Measures what a row costs: {@code StoreBenchmark [JDBC URL of a superuser]}; without a URL on an embedded PostgreSQL with
 * fsync. Prints rows per second of wall time (other load included), core-seconds of this JVM and of the database per
 * million rows (from /proc), and bytes a row with its index. A short run on a shared machine: compare the ratios. With
 * {@code -Dheliograph.bench.rows=} it measures instead what the writer costs on a table of a million rows and, when that
 * has grown, on one of so many. {@code -Dheliograph.bench.devices=} devices (500) report in turns.
 */
public final class StoreBenchmark {
    private static final int ROWS = 5_000;
    private static final int DEVICES = Integer.getInteger("heliograph.bench.devices", 500);
    /** Every device at least once. */
    private static final int BATCHES = Math.max(40, DEVICES / ROWS);

    private static final String[] METRICS = {"temperature", "humidity", "pressure"};
    private static final Place READINGS = new Place("readings", 0);
    private static final long FIRST_ROWS = 1_000_000;
    private static final long GROWN_ROWS = Long.getLong("heliograph.bench.rows", 0);
    private static final int INSTANTS_PER_FILL = 100;
    private static final double NANOS = 1e9;
    private static final double TICKS_PER_SECOND = 100;

    private final HikariDataSource database;
    private final PrintStream out;
    private final long server;

    private StoreBenchmark(HikariDataSource database, PrintStream out) {
        this.database = database;
        this.out = out;
        long backend = new Tables(database).number("SELECT pg_backend_pid()");
        this.server = parent(backend);
    }

    public static void main(String[] args) throws IOException, SQLException, StoreFailure {
        EmbeddedPostgres embedded = args.length > 0
                ? null
                : EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("full_page_writes", "on")
                        .start();
        try {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(embedded == null ? args[0] : embedded.getJdbcUrl("postgres", "postgres"));
            new Tables(source).execute("DROP DATABASE IF EXISTS heliograph_benchmark");
            new Tables(source).execute("CREATE DATABASE heliograph_benchmark");
            source.setDatabaseName("heliograph_benchmark");
            DatabaseSchema.migrate(source);
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setDataSource(source);
                pool.setMaximumPoolSize(1);
                StoreBenchmark benchmark = new StoreBenchmark(pool, System.out);
                if (GROWN_ROWS > 0) {
                    benchmark.grow();
                } else {
                    benchmark.run();
                }
            }
        } finally {
            if (embedded != null) {
                embedded.close();
            }
        }
    }

    private interface Work {
        void batch(int number) throws SQLException, StoreFailure;
    }

    private void run() throws SQLException, StoreFailure {
        for (int round = 1; round <= 2; round++) {
            measure("binary COPY, round " + round, ROWS, this::copy);
            measure("unnest ON CONFLICT, round " + round, ROWS, batch -> insert(batch, ""));
            measure(
                    "unnest ON CONFLICT RETURNING, round " + round,
                    ROWS,
                    batch -> insert(batch, " RETURNING series_id"));
        }
        for (int round = 1; round <= 2; round++) {
            TestRecords topic = new TestRecords();
            JdbcStore store = new JdbcStore(database, "benchmark-" + round, 100_000);
            BatchWriter writer = new BatchWriter(store, new WriterMetrics(new SimpleMeterRegistry()));
            store.positions(List.of(READINGS)).forEach(writer::position);
            measure(
                    "writer (JSON to rows, 3 metrics a reading), round " + round,
                    ROWS * METRICS.length,
                    batch -> writer.write(readings(topic, batch)));
        }
        new Tables(database)
                .rows("SELECT count(*) FROM measurement")
                .forEach(rows -> out.println("rows at the end: " + rows));
    }

    /** The same work of the writer on little and on much history, each twice. */
    private void grow() throws SQLException, StoreFailure {
        TestRecords topic = new TestRecords();
        JdbcStore store = new JdbcStore(database, "benchmark", 100_000);
        BatchWriter writer = new BatchWriter(store, new WriterMetrics(new SimpleMeterRegistry()));
        store.positions(List.of(READINGS)).forEach(writer::position);
        long filled = 0;
        int written = 0;
        for (long rows : new long[] {FIRST_ROWS, GROWN_ROWS}) {
            for (; filled * DEVICES * INSTANTS_PER_FILL < rows; filled++) {
                fill(filled);
            }
            for (int round = 1; round <= 2; round++) {
                int first = written;
                measureOnTop(
                        String.format(Locale.ROOT, "writer on %,d rows, round %d", rows, round),
                        ROWS * METRICS.length,
                        batch -> writer.write(readings(topic, first + batch)));
                written += BATCHES;
            }
        }
    }

    /** History a minute apart, long before what the writer stores. */
    private void fill(long number) throws SQLException {
        BinaryCopy data = new BinaryCopy(DEVICES * INSTANTS_PER_FILL);
        for (int instant = 0; instant < INSTANTS_PER_FILL; instant++) {
            long minutesAgo = GROWN_ROWS / DEVICES - (number * INSTANTS_PER_FILL + instant);
            long time = TestRecords.at(-60.0 * (minutesAgo + 1));
            for (int series = 1; series <= DEVICES; series++) {
                data.row(series, time, instant, time);
            }
        }
        copy(data);
    }

    private void measure(String what, int rowsPerBatch, Work work) throws SQLException, StoreFailure {
        new Tables(database).execute("TRUNCATE measurement");
        measureOnTop(what, rowsPerBatch, work);
    }

    private void measureOnTop(String what, int rowsPerBatch, Work work) throws SQLException, StoreFailure {
        Tables tables = new Tables(database);
        long rowsBefore = tables.number("SELECT count(*) FROM measurement");
        double clientBefore = cpuOfThisThread();
        double serverBefore = cpuOfServer();
        long start = System.nanoTime();
        for (int batch = 0; batch < BATCHES; batch++) {
            work.batch(batch);
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        double client = cpuOfThisThread() - clientBefore;
        double serverCpu = cpuOfServer() - serverBefore;
        long allRows = tables.number("SELECT count(*) FROM measurement");
        long rows = allRows - rowsBefore;
        if (rows != (long) BATCHES * rowsPerBatch) {
            throw new IllegalStateException(what + " stored " + rows);
        }
        String size = tables.rows("SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'")
                        .getFirst()
                        .equals("1")
                ? "hypertable_size('measurement')"
                : "pg_total_relation_size('measurement')";
        out.printf(
                Locale.ROOT,
                "%-48s %8.0f rows/s  client %5.2f + database %5.2f core-s/M  %4.0f B/row%n",
                what,
                rows / seconds,
                client * 1e6 / rows,
                serverCpu * 1e6 / rows,
                (double) tables.number("SELECT " + size) / allRows);
    }

    private void copy(int batch) throws SQLException {
        BinaryCopy data = new BinaryCopy(ROWS);
        for (int row = 0; row < ROWS; row++) {
            data.row(1 + row % DEVICES, time(batch, row), row, time(batch, row));
        }
        copy(data);
    }

    private void copy(BinaryCopy data) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(
                            "COPY measurement (series_id, ts, value, received_at) FROM STDIN (FORMAT binary)",
                            new ByteArrayInputStream(data.finish()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void insert(int batch, String returning) throws SQLException {
        int[] series = new int[ROWS];
        long[] times = new long[ROWS];
        double[] values = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            series[row] = 1 + row % DEVICES;
            times[row] = time(batch, row);
            values[row] = row;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                    INSERT INTO measurement (series_id, ts, value, received_at)
                    SELECT u.series_id, timestamptz 'epoch' + u.ts * interval '1 microsecond', u.value,
                           timestamptz 'epoch' + u.received_at * interval '1 microsecond'
                    FROM unnest(?::int[], ?::bigint[], ?::float8[], ?::bigint[])
                         AS u(series_id, ts, value, received_at)
                    ON CONFLICT DO NOTHING
                    """ + returning)) {
            insert.setObject(1, series);
            insert.setObject(2, times);
            insert.setObject(3, values);
            insert.setObject(4, times);
            insert.execute();
        }
    }

    private static long time(int batch, int row) {
        return TestRecords.at(batch * 10L + row / DEVICES);
    }

    private static List<dev.heliograph.writer.plan.TopicRecord> readings(TestRecords topic, int batch) {
        for (int row = 0; row < ROWS; row++) {
            double seconds = batch * 10.0 + row / DEVICES;
            Sample[] samples = Stream.of(METRICS)
                    .map(metric -> new Sample.Measurement(new MetricName(metric), seconds))
                    .toArray(Sample[]::new);
            topic.reading("device-" + (batch * ROWS + row) % DEVICES, seconds, seconds, samples);
        }
        return topic.take();
    }

    private static double cpuOfThisThread() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / NANOS;
    }

    /** CPU of the server process and all its children, the ended ones included. */
    private double cpuOfServer() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                            .filter(path ->
                                    path.getFileName().toString().chars().allMatch(Character::isDigit))
                            .map(path -> stat(Long.parseLong(path.getFileName().toString())))
                            .filter(stat -> stat.length > 16)
                            .filter(stat -> stat[1].equals(Long.toString(server)))
                            .mapToLong(stat -> Long.parseLong(stat[11]) + Long.parseLong(stat[12]))
                            .sum()
                    / TICKS_PER_SECOND;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long parent(long process) {
        return Long.parseLong(stat(process)[1]);
    }

    /** Fields of /proc/PID/stat after the name: state, parent, ...; empty for a process that is gone. */
    private static String[] stat(long process) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException gone) {
            return new String[0];
        }
    }
}
