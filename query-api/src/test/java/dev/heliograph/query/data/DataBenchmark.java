package dev.heliograph.query.data;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.DatabaseSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What the interface adds to SQL, over a history and beside a steady ingest: {@code DataBenchmark MEASUREMENTS [JDBC URL of a
 * superuser]}; without a URL on an embedded PostgreSQL with fsync.
 *
 * <p>Fills 1,000 devices at 10 sites with one metric up to now, one sample each {@code heliograph.bench.interval} seconds (60),
 * and 10 more devices with a sample a second for a day, by COPY into a table that gets its index afterwards; then their
 * windows. While it asks, {@code heliograph.bench.ingest} (1,000) measurements a second are stored. Prints, for each question,
 * median, p95 and p99 of the whole HTTP request and of a hand-written statement with the same answer, asked in turns
 * ({@code heliograph.bench.rounds}, 60) after {@code heliograph.bench.warm-up} (20) seconds of the same, the ratio of the medians, and the same without what a request costs that asks
 * nothing.
 */
public final class DataBenchmark {
    private static final String TENANT = "bench";
    private static final int DEVICES = 1_000;
    private static final int DENSE = 10;
    private static final int ROUNDS = Integer.getInteger("heliograph.bench.rounds", 60);
    private static final long WARM_UP_NANOS = Integer.getInteger("heliograph.bench.warm-up", 20) * 1_000_000_000L;
    private static final int INTERVAL = Integer.getInteger("heliograph.bench.interval", 60);
    private static final int INGEST = Integer.getInteger("heliograph.bench.ingest", 1_000);
    private static final long MOST_SORTED = 10_000_000;
    private static final int DENSE_SAMPLES = 90_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final DataSource database;
    private final PrintStream out = System.out;
    private final String token = TestTokens.of(TENANT, "viewer");
    private double floor;
    private long measurements;

    private DataBenchmark(DataSource database) {
        this.database = database;
    }

    public static void main(String[] args) throws Exception {
        long measurements = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
        try (EmbeddedPostgres embedded = args.length > 1 ? null : embedded()) {
            DataSource database = fresh(embedded == null ? args[1] : embedded.getJdbcUrl("postgres", "postgres"));
            DataBenchmark benchmark = new DataBenchmark(database);
            benchmark.prepare(measurements);
            try (TestApi api = new TestApi(
                            database,
                            "--heliograph.query.database.heavy-timeout=120s",
                            "--heliograph.query.limits.max-rows=100000000",
                            "--heliograph.query.rate.user-burst=1000000",
                            "--heliograph.query.rate.tenant-burst=1000000");
                    SteadyIngest ingest = SteadyIngest.start(database, DEVICES, INGEST)) {
                benchmark.ask(api);
                benchmark.out.println(ingest.told());
            }
        }
        System.exit(0);
    }

    private static EmbeddedPostgres embedded() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "on")
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("maintenance_work_mem", "1GB")
                .setServerConfig("max_wal_size", "8GB")
                .setServerConfig("checkpoint_timeout", "15min")
                .start();
    }

    private static DataSource fresh(String url) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        try (Connection connection = source.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("DROP DATABASE IF EXISTS heliograph_query_benchmark");
            sql.execute("CREATE DATABASE heliograph_query_benchmark");
        }
        source.setDatabaseName("heliograph_query_benchmark");
        DatabaseSchema.migrate(source);
        return source;
    }

    private void prepare(long wanted) throws Exception {
        long started = System.nanoTime();
        fill(wanted / DEVICES);
        measurements = number("SELECT count(*) FROM measurement");
        out.printf(
                Locale.ROOT,
                "%,d measurements, %,d windows of 1 min, %,d of 1 h, filled in %.0f s; %s%n",
                measurements,
                number("SELECT count(*) FROM window_1m"),
                number("SELECT count(*) FROM window_1h"),
                (System.nanoTime() - started) / 1e9,
                text("SELECT pg_size_pretty(pg_database_size(current_database()))"));
    }

    private void ask(TestApi api) throws SQLException {
        out.println(
                "| question | by HTTP: median / p95 / p99 ms | by SQL: median / p95 / p99 ms | ratio of medians | without the floor |");
        out.println("|---|---|---|---|---|");
        Random random = new Random(1);
        compare(api, "latest: nothing (who am I), the floor", () -> "/api/v1/me", "SELECT 1");
        compare(
                api,
                "latest of one device",
                () -> "/api/v1/devices/d" + random.nextInt(DEVICES) + "/latest",
                "SELECT s.metric, l.ts, l.value FROM series s JOIN latest l ON l.series_id = s.id WHERE s.tenant = 'bench' AND "
                        + "s.device = 'd' || (SELECT floor(random() * 1000)::int)");
        compare(
                api,
                "one day of one series, in buckets of 5 min",
                () -> "/api/v1/data/d" + random.nextInt(DEVICES) + "?from=now-25h&to=now-1h&bucket=5m",
                "SELECT date_bin('5 min', start_at, 'epoch'), sum(count), sum(sum) / sum(count), min(min), max(max) FROM window_1m "
                        + "WHERE series_id = (SELECT id FROM series WHERE tenant = 'bench' AND device = 'd' || "
                        + "(SELECT floor(random() * 1000)::int)) AND start_at >= now() - interval '25 h' AND start_at < now() - interval '1 h' "
                        + "GROUP BY 1 ORDER BY 1");
        compare(
                api,
                "one day of one series at 1 Hz, raw (86,400 points), thinned to 1,000",
                () -> "/api/v1/data/dense" + random.nextInt(DENSE)
                        + "?from=now-25h&to=now-1h&downsample=lttb&maxPoints=1000",
                "SELECT ts, value FROM measurement WHERE series_id = (SELECT id FROM series WHERE tenant = 'bench' AND device = "
                        + "'dense' || (SELECT floor(random() * 10)::int)) AND ts >= now() - interval '25 h' AND ts < now() - interval '1 h' ORDER BY ts");
        String days = number("SELECT least(30, extract(day FROM now() - min(start_at)))::bigint FROM window_1h") + "";
        compare(
                api,
                "fleet: daily mean and maximum by site of 1,000 devices over " + days + " days",
                () -> "/api/v1/data?metric=t&type=plain&groupBy=site&bucket=1d&aggregate=avg&aggregate=max&from=now-"
                        + days + "d",
                fleetSql(days));
        // Exact percentiles sort every sample: of many, a day is enough to see what that costs.
        String few = measurements > MOST_SORTED ? "1" : days;
        compare(
                api,
                "fleet: daily p95 by site of 1,000 devices over " + few + " days, by sketches; SQL: exact, of raw",
                () -> "/api/v1/data?metric=t&type=plain&groupBy=site&bucket=1d&aggregate=p95&from=now-" + few + "d",
                "SELECT d.site, date_trunc('day', m.ts, 'UTC'), percentile_cont(0.95) WITHIN GROUP (ORDER BY m.value) FROM device d "
                        + "JOIN series s ON s.tenant = d.tenant AND s.device = d.id JOIN measurement m ON m.series_id = s.id "
                        + "WHERE d.tenant = 'bench' AND d.type = 'plain' AND s.metric = 't' AND m.ts >= date_trunc('day', now() - interval '"
                        + few + " d', 'UTC') GROUP BY 1, 2");
    }

    /** Hours, and minutes of the hour that runs: the same answer as that of the interface. */
    private static String fleetSql(String days) {
        String of = "SELECT series_id, start_at, count, sum, max FROM %s WHERE start_at >= %s AND start_at < %s";
        String hour = "date_trunc('hour', now(), 'UTC')";
        String from = "date_trunc('day', now() - interval '" + days + " d', 'UTC')";
        return "SELECT d.site, date_trunc('day', w.start_at, 'UTC'), sum(w.sum) / sum(w.count), max(w.max) FROM device d JOIN series s "
                + "ON s.tenant = d.tenant AND s.device = d.id JOIN (" + of.formatted("window_1h", from, hour)
                + " UNION ALL " + of.formatted("window_1m", hour, "now()")
                + ") w ON w.series_id = s.id WHERE d.tenant = 'bench' AND d.type = 'plain' AND s.metric = 't' GROUP BY 1, 2";
    }

    private interface Question {
        String path();
    }

    private void compare(TestApi api, String name, Question question, String sql) throws SQLException {
        int rounds = rounds(name);
        double[] http = new double[rounds];
        double[] byHand = new double[rounds];
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            long warm = System.nanoTime() + WARM_UP_NANOS;
            while (System.nanoTime() < warm) {
                once(api, name, question.path(), statement);
            }
            for (int round = 0; round < rounds; round++) {
                Taken taken = once(api, name, question.path(), statement);
                http[round] = taken.http();
                byHand[round] = taken.byHand();
            }
        }
        Arrays.sort(http);
        Arrays.sort(byHand);
        out.printf(
                Locale.ROOT,
                "| %s (%d times) | %s | %s | %.2f | %.2f |%n",
                name,
                rounds,
                percentiles(http),
                percentiles(byHand),
                at(http, 0.5) / at(byHand, 0.5),
                (at(http, 0.5) - floor) / at(byHand, 0.5));
        if (floor == 0) {
            floor = at(http, 0.5);
        }
    }

    /** Milliseconds of one question asked both ways. */
    private record Taken(double http, double byHand) {}

    private Taken once(TestApi api, String name, String path, PreparedStatement statement) throws SQLException {
        long start = System.nanoTime();
        TestApi.Answer answer = api.getUnjudged(path, token);
        long middle = System.nanoTime();
        long rows = 0;
        try (ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                rows++;
            }
        }
        long end = System.nanoTime();
        if (answer.status() != 200 || rows == 0) {
            throw new IllegalStateException(name + ": " + answer.status() + ", " + rows + " rows: " + answer.body());
        }
        return new Taken((middle - start) / NANOS_PER_MILLI, (end - middle) / NANOS_PER_MILLI);
    }

    private static int rounds(String name) {
        if (name.contains("of raw")) {
            return 3;
        }
        return name.startsWith("fleet") ? Math.max(5, ROUNDS / 6) : name.startsWith("latest") ? ROUNDS * 10 : ROUNDS;
    }

    private static String percentiles(double[] sorted) {
        return String.format(Locale.ROOT, "%.1f / %.1f / %.1f", at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
    }

    private static double at(double[] sorted, double fraction) {
        return sorted[(int) Math.ceil(fraction * sorted.length) - 1];
    }

    private void fill(long samplesOfEach) throws Exception {
        execute("INSERT INTO tenant (id, name) VALUES ('bench', 'bench')");
        execute("INSERT INTO metric (tenant, name, unit, kind) VALUES ('bench', 't', '°C', 'number')");
        execute(
                "INSERT INTO site (tenant, id, name) SELECT 'bench', 'site' || n, 'site' FROM generate_series(0, 9) AS n");
        execute(
                "INSERT INTO device (tenant, id, name, type, site) SELECT 'bench', 'd' || n, 'd', 'plain', 'site' || n % 10 "
                        + "FROM generate_series(0, 999) AS n");
        execute(
                "INSERT INTO device (tenant, id, name, type, site) SELECT 'bench', 'dense' || n, 'd', 'dense', 'site' || n "
                        + "FROM generate_series(0, 9) AS n");
        execute(
                "INSERT INTO series (tenant, device, metric) SELECT tenant, id, 't' FROM device WHERE tenant = 'bench'");
        try (HistoryFill history = new HistoryFill(database)) {
            history.measurements("plain", samplesOfEach, INTERVAL);
            history.measurements("dense", DENSE_SAMPLES, 1);
            history.index();
            history.windows(sketch(Math.max(1, 60 / INTERVAL)), sketch(Math.max(1, 3_600 / INTERVAL)));
        }
        execute("INSERT INTO latest (series_id, ts, value, received_at) SELECT id, now(), 20, now() FROM series");
        execute("VACUUM ANALYZE");
    }

    /** A sketch of as many values as a window has, so that its size is that of real ones. */
    private static String sketch(int samples) {
        Random random = new Random(60);
        QuantileSketch sketch = new QuantileSketch();
        for (int i = 0; i < samples; i++) {
            sketch.add(20 + 5 * Math.sin((double) i / samples) + random.nextDouble());
        }
        return HexFormat.of().formatHex(sketch.toBytes());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = off");
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    private String text(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found.getFirst();
    }
}
