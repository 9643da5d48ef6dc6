package dev.heliograph.query.data;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import javax.sql.DataSource;

/**
 * What the wall between tenants costs: {@code WallBenchmark MEASUREMENTS}. The same questions to two services over one store
 * (TimescaleDB where the build was handed one, else an embedded PostgreSQL), one of which enters as the owner and one by the
 * role behind the wall, asked in turns, so that whatever else the machine does meets both. Prints median, p95 and p99 of the
 * whole HTTP request by each and the ratio of the medians; {@code heliograph.bench.rounds} (200) of each.
 */
public final class WallBenchmark {
    private static final int DEVICES = 1_000;
    private static final int SECONDS_APART = 60;
    private static final int ROUNDS = Integer.getInteger("heliograph.bench.rounds", 200);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String[] RATES = {
        "--heliograph.query.rate.user-burst=10000000", "--heliograph.query.rate.tenant-burst=10000000"
    };

    private WallBenchmark() {}

    private interface Question {
        String path(int number);
    }

    public static void main(String[] args) throws Exception {
        long measurements = args.length > 0 ? Long.parseLong(args[0]) : 3_000_000;
        DataSource database = TestDatabase.timescale().orElseGet(TestDatabase::postgres);
        fill(database, measurements / DEVICES);
        try (TestApi owner = new TestApi(database, RATES);
                TestApi role = TestApi.behindTheWall(database, RATES)) {
            System.out.println(
                    "| question | as the owner: median / p95 / p99 ms | behind the wall: median / p95 / p99 ms | ratio of medians |");
            System.out.println("|---|---|---|---|");
            Random random = new Random(1);
            ask(owner, role, "nothing (`/me`)", 4, false, n -> "/api/v1/me");
            ask(owner, role, "latest of one device", 4, false, n -> latest(random));
            ask(owner, role, "latest of one device, two tenants in turns", 4, true, n -> latest(random));
            ask(
                    owner,
                    role,
                    "a day of one series in buckets of 5 min",
                    2,
                    false,
                    n -> device(random) + "?from=now-25h&to=now-1h&bucket=5m");
            ask(
                    owner,
                    role,
                    "a day of one series, single samples",
                    2,
                    false,
                    n -> device(random) + "?from=now-25h&to=now-1h&bucket=raw&maxPoints=10000");
            ask(
                    owner,
                    role,
                    "a day of 1,000 devices by site in hours",
                    0,
                    false,
                    n ->
                            "/api/v1/data?metric=t&groupBy=site&bucket=1h&aggregate=avg&aggregate=max&from=now-25h&to=now-1h");
            ask(owner, role, "a page of devices by a search", 2, false, n -> "/api/v1/devices?q=site:site" + n % 10);
            ask(owner, role, "a page of devices by a word", 2, false, n -> "/api/v1/devices?q=d" + (100 + n % 900));
            ask(owner, role, "the summary of the fleet", 2, false, n -> "/api/v1/fleet/summary");
        }
        System.exit(0);
    }

    private static String latest(Random random) {
        return "/api/v1/devices/d" + random.nextInt(DEVICES) + "/latest";
    }

    private static String device(Random random) {
        return "/api/v1/data/d" + random.nextInt(DEVICES);
    }

    /** @param weight 0: a tenth of the rounds, else so many times as many */
    private static void ask(TestApi owner, TestApi role, String name, int weight, boolean inTurns, Question question) {
        int rounds = weight == 0 ? Math.max(5, ROUNDS / 10) : ROUNDS * weight / 2;
        TestApi[] services = {owner, role};
        double[][] millis = new double[2][rounds];
        for (int round = -Math.max(3, rounds / 3); round < rounds; round++) {
            String path = question.path(round + rounds);
            String token = TestTokens.of(inTurns && round % 2 == 0 ? "beside" : "bench", "viewer");
            for (int turn = 0; turn < 2; turn++) {
                int which = (round & 1) == 0 ? turn : 1 - turn;
                long started = System.nanoTime();
                TestApi.Answer answer = services[which].getUnjudged(path, token);
                double took = (System.nanoTime() - started) / NANOS_PER_MILLI;
                if (answer.status() != 200) {
                    throw new IllegalStateException(path + ": " + answer.body());
                }
                if (round >= 0) {
                    millis[which][round] = took;
                }
            }
        }
        Arrays.sort(millis[0]);
        Arrays.sort(millis[1]);
        System.out.printf(
                Locale.ROOT,
                "| %s (%d times) | %s | %s | %.2f |%n",
                name,
                rounds,
                shown(millis[0]),
                shown(millis[1]),
                at(millis[1], 0.5) / at(millis[0], 0.5));
    }

    private static String shown(double[] sorted) {
        return String.format(Locale.ROOT, "%.1f / %.1f / %.1f", at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
    }

    private static double at(double[] sorted, double fraction) {
        return sorted[(int) Math.ceil(fraction * sorted.length) - 1];
    }

    private static void fill(DataSource database, long samplesOfEach) throws Exception {
        for (String tenant : new String[] {"bench", "beside"}) {
            execute(database, "INSERT INTO tenant (id, name) VALUES ('" + tenant + "', '" + tenant + "')");
            execute(
                    database,
                    "INSERT INTO metric (tenant, name, unit, kind) VALUES ('" + tenant + "', 't', '°C', 'number')");
            execute(
                    database,
                    "INSERT INTO site (tenant, id, name) SELECT '" + tenant
                            + "', 'site' || n, 'site' FROM generate_series(0, 9) AS n");
            execute(
                    database,
                    "INSERT INTO device (tenant, id, name, type, site) SELECT '" + tenant
                            + "', 'd' || n, 'd', 'plain', 'site' || n % 10 FROM generate_series(0, 999) AS n");
            execute(
                    database,
                    "INSERT INTO series (tenant, device, metric) SELECT tenant, id, 't' FROM device WHERE tenant = '"
                            + tenant + "'");
        }
        try (HistoryFill history = new HistoryFill(database)) {
            // Both tenants have samples: the wall has something to keep apart.
            history.measurements("plain", samplesOfEach / 2, SECONDS_APART);
            history.index();
            history.windows(sketch(1), sketch(60));
        }
        execute(
                database,
                "INSERT INTO latest (series_id, ts, value, received_at) SELECT id, now(), 20, now() FROM series");
        execute(database, "VACUUM ANALYZE");
    }

    private static String sketch(int values) {
        QuantileSketch sketch = new QuantileSketch();
        for (int i = 0; i < values; i++) {
            sketch.add(20 + Math.sin(i));
        }
        return HexFormat.of().formatHex(sketch.toBytes());
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
