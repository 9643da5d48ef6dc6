package dev.heliograph.query.data;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Fills a store with a long history in minutes: binary COPY by two connections, all devices instant by instant as they would
 * have come, into a table without its index, which is made afterwards; then windows, a part of the series at a time.
 */
final class HistoryFill implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int SERIES_AT_ONCE = 25;
    private static final int ROW_BYTES = 46;
    private static final int BUFFER = 1 << 20;
    private static final long EPOCH_2000 = 946_684_800L;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private final DataSource database;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS);

    HistoryFill(DataSource database) throws SQLException {
        this.database = database;
        run("ALTER TABLE measurement DROP CONSTRAINT measurement_pkey");
    }

    /** Samples of every device of a type up to the running minute, {@code seconds} apart. */
    void measurements(String type, long samplesOfEach, int seconds) throws Exception {
        int[] series = series(
                "SELECT s.id FROM series s JOIN device d ON d.tenant = s.tenant AND d.id = s.device WHERE d.type = '"
                        + type + "' ORDER BY 1");
        long end = Instant.now().getEpochSecond() / 60 * 60;
        List<Callable<Void>> parts = new ArrayList<>();
        for (int part = 0; part < THREADS; part++) {
            long from = samplesOfEach * part / THREADS;
            long to = samplesOfEach * (part + 1) / THREADS;
            long seed = part;
            parts.add(() -> copy(series, from, to, end - samplesOfEach * seconds, seconds, seed));
        }
        all(parts);
    }

    private Void copy(int[] series, long from, long to, long start, int seconds, long seed) throws SQLException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        ByteBuffer rows = ByteBuffer.allocate(BUFFER);
        try (Connection connection = database.getConnection()) {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY measurement (series_id, ts, value, received_at) FROM STDIN (FORMAT binary)");
            rows.put(SIGNATURE).putInt(0).putInt(0);
            for (long n = from; n < to; n++) {
                long micros = (start + n * seconds - EPOCH_2000) * 1_000_000;
                double wave = 20 + 5 * Math.sin(n / 700.0);
                for (int id : series) {
                    if (rows.remaining() < ROW_BYTES) {
                        send(copy, rows);
                    }
                    rows.putShort((short) 4).putInt(4).putInt(id).putInt(8).putLong(micros);
                    rows.putInt(8)
                            .putDouble(wave + random.nextDouble())
                            .putInt(8)
                            .putLong(micros);
                }
            }
            send(copy, rows);
            rows.putShort((short) -1);
            send(copy, rows);
            copy.endCopy();
        }
        return null;
    }

    private static void send(CopyIn copy, ByteBuffer rows) throws SQLException {
        copy.writeToCopy(rows.array(), 0, rows.position());
        rows.clear();
    }

    /** Makes the index that the table has otherwise. */
    void index() throws SQLException {
        run("ALTER TABLE measurement ADD PRIMARY KEY (series_id, ts)");
        run("ANALYZE measurement");
    }

    /**
     * Closed windows of a minute from the samples, and those of an hour from the minutes.
     *
     * @param minute sketch of each minute, as hexadecimal digits; all have the same, which costs as much to read as their own
     * @param hour sketch of each hour
     */
    void windows(String minute, String hour) throws Exception {
        int[] series = series("SELECT id FROM series ORDER BY 1");
        List<Callable<Void>> parts = new ArrayList<>();
        for (int at = 0; at < series.length; at += SERIES_AT_ONCE) {
            String ids = "series_id BETWEEN " + series[at] + " AND "
                    + series[Math.min(at + SERIES_AT_ONCE, series.length) - 1];
            parts.add(() -> {
                run(window(
                        "window_1m",
                        "1 minute",
                        "ts",
                        "count(*)",
                        "sum(value)",
                        "min(value)",
                        "max(value)",
                        minute,
                        "measurement",
                        ids));
                run(window(
                        "window_1h",
                        "1 hour",
                        "start_at",
                        "sum(count)::bigint",
                        "sum(sum)",
                        "min(min)",
                        "max(max)",
                        hour,
                        "window_1m",
                        ids));
                return null;
            });
        }
        all(parts);
    }

    private static String window(
            String table,
            String length,
            String time,
            String count,
            String sum,
            String min,
            String max,
            String sketch,
            String from,
            String ids) {
        return "INSERT INTO " + table
                + " (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, "
                + "last_ts, mean, m2, sketch) SELECT series_id, date_bin('" + length + "', " + time
                + ", 'epoch') AS start, 1, 0, " + count
                + ", " + sum + ", " + min + ", " + max + ", " + min + ", min(" + time + "), " + max + ", max(" + time
                + "), " + sum
                + " / " + count + ", 0, decode('" + sketch + "', 'hex') FROM " + from + " WHERE " + ids + " AND " + time
                + " < date_bin('" + length
                + "', now(), 'epoch') GROUP BY series_id, start";
    }

    private int[] series(String query) throws SQLException {
        List<Integer> ids = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private void all(List<Callable<Void>> parts) throws Exception {
        for (Future<Void> part : workers.invokeAll(parts)) {
            part.get();
        }
    }

    private void run(String statement) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'");
            sql.execute(statement);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
