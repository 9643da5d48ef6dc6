package dev.heliograph.query.devices;

import dev.heliograph.query.testing.TestApi;
import dev.heliograph.query.testing.TestApi.Answer;
import dev.heliograph.query.testing.TestTokens;
import dev.heliograph.storage.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * What a list of a large fleet takes: {@code DeviceBenchmark DEVICES}. Prints for each search and order median and p95 of the
 * whole HTTP request for the first page (with its count) and for the page behind it, 100 devices each, and the total; then of
 * the summary, maps and groups, each after a hundred devices have become another way. With {@code heliograph.bench.wall=true} it
 * enters by the role behind the wall between tenants; with {@code heliograph.bench.sort=} it takes the lists of one order alone.
 */
public final class DeviceBenchmark {
    private static final int ROUNDS = Integer.getInteger("heliograph.bench.rounds", 15);
    private static final List<String[]> QUESTIONS = List.of(
            new String[] {"", "id"},
            new String[] {"", "name"},
            new String[] {"", "lastSeen"},
            new String[] {"", "status"},
            new String[] {"site:site-7", "id"},
            new String[] {"site:site-7", "status"},
            new String[] {"type:type-3 -fw:2.3", "id"},
            new String[] {"fw:9.9", "id"},
            new String[] {"label.owner:o4711", "id"},
            new String[] {"label.line:7", "name"},
            new String[] {"status:late", "id"},
            new String[] {"status:late,silent site:site-7*", "id"},
            new String[] {"boiler", "id"},
            new String[] {"a87ff679", "id"},
            new String[] {"id:d00471*", "id"},
            new String[] {"temp>50", "id"},
            new String[] {"temp>99.99", "id"},
            new String[] {"temp>1000", "id"},
            new String[] {"site:site-7 temp>90", "id"},
            new String[] {"-metric:humidity", "id"},
            new String[] {"nothing-is-called-so", "id"});

    private static final List<String> FLEET = List.of(
            "/api/v1/fleet/summary",
            "/api/v1/fleet/cells?bbox=-180,-85,180,85&zoom=3",
            "/api/v1/fleet/cells?bbox=5,45,15,55&zoom=6",
            "/api/v1/fleet/cells?bbox=-180,-85,180,85&zoom=3&q=type:type-3",
            "/api/v1/fleet/groups?groupBy=firmware");

    private DeviceBenchmark() {}

    public static void main(String[] args) throws SQLException {
        int devices = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        DataSource database = TestDatabase.postgres();
        long started = System.nanoTime();
        LargeFleet.fill(database, devices);
        System.out.printf(Locale.ROOT, "%,d devices filled in %.0f s%n", devices, (System.nanoTime() - started) / 1e9);
        String[] settings = {
            "--heliograph.query.database.interactive-timeout=30s",
            "--heliograph.query.rate.user-burst=1000000",
            "--heliograph.query.rate.tenant-burst=1000000"
        };
        boolean wall = Boolean.getBoolean("heliograph.bench.wall");
        try (TestApi api = wall ? TestApi.behindTheWall(database, settings) : new TestApi(database, settings)) {
            System.out.println(
                    "| search | sort | total | first page and count: median / p95 ms | second page: median / p95 ms |");
            System.out.println("|---|---|---|---|---|");
            String only = System.getProperty("heliograph.bench.sort", "");
            for (String[] question : QUESTIONS) {
                if (only.isEmpty() || only.equals(question[1])) {
                    ask(api, question[0], question[1]);
                }
            }
            for (String path : only.isEmpty() ? FLEET : List.<String>of()) {
                double[] millis = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    // What changes between two looks at a fleet that is in use.
                    api.jdbc
                            .sql("UPDATE presence SET state = CASE state WHEN 'late' THEN 'reporting' ELSE 'late' END "
                                    + "WHERE tenant = :tenant AND device LIKE 'd%' || :last")
                            .param("tenant", LargeFleet.TENANT)
                            .param("last", "%04d".formatted(i))
                            .update();
                    LockSupport.parkNanos(
                            api.context.getBean(FleetSettings.class).refresh().toNanos() + 100_000_000L);
                    millis[i] = millis(api, path);
                }
                System.out.printf(Locale.ROOT, "| `%s` | | | %s | |%n", path, shown(millis));
            }
        }
        System.exit(0);
    }

    private static void ask(TestApi api, String q, String sort) {
        String path = "/api/v1/devices?limit=100&sort=" + sort + "&q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
        Answer answer = api.getUnjudged(path, token());
        String cursor = answer.json().path("nextCursor").asString("");
        String total = answer.json().path("total").asString()
                + (answer.json().path("totalIsExact").asBoolean() ? "" : "+");
        double[] first = new double[ROUNDS];
        double[] second = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            first[i] = millis(api, path);
            second[i] = cursor.isEmpty() ? Double.NaN : millis(api, path + "&cursor=" + cursor);
        }
        System.out.printf(
                Locale.ROOT,
                "| `%s` | %s | %s | %s | %s |%n",
                q,
                sort,
                total,
                shown(first),
                cursor.isEmpty() ? "" : shown(second));
    }

    private static double millis(TestApi api, String path) {
        long started = System.nanoTime();
        Answer answer = api.getUnjudged(path, token());
        if (answer.status() != 200) {
            throw new IllegalStateException(path + ": " + answer.body());
        }
        return (System.nanoTime() - started) / 1e6;
    }

    private static String shown(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT, "%.1f / %.1f", sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.95)]);
    }

    private static String token() {
        return TestTokens.of(LargeFleet.TENANT, "viewer");
    }
}
