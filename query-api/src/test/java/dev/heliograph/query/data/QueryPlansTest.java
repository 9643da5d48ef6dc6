package dev.heliograph.query.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.query.data.DeviceSelection.Selected;
import dev.heliograph.query.data.calc.Aggregate;
import dev.heliograph.query.data.calc.BucketSpec;
import dev.heliograph.query.data.calc.Buckets;
import dev.heliograph.query.data.calc.Fill;
import dev.heliograph.storage.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How the database goes about the main queries over a history of twelve days: by the index (series, time) of each table, and
 * on TimescaleDB only in the chunks of the range. Never through the whole history.
 */
class QueryPlansTest {
    private static final Instant START = Instant.parse("2026-03-20T00:00:00Z");
    private static final Pattern SCAN =
            Pattern.compile("(Seq Scan|Index Only Scan|Index Scan|Bitmap Heap Scan|Scan)[^\\n]* on (\\S+)");
    private static final Pattern CHUNK = Pattern.compile(" on (_hyper_\\d+_\\d+_chunk)");
    private static final Pattern OF_ONE_WINDOW =
            Pattern.compile("ts >= \\w+\\.start_at\\) AND \\(ts < \\(\\w+\\.start_at \\+ ");
    private static final Pattern OF_BATCHES_OF_ONE_WINDOW = Pattern.compile("_ts_meta_max_1 >= \\w+\\.start_at\\)");
    private static final List<Arguments> STORES = new ArrayList<>();

    static Stream<Arguments> stores() throws SQLException {
        if (STORES.isEmpty()) {
            add("postgres", filled(TestDatabase.postgres()));
            var timescale = TestDatabase.timescale();
            if (timescale.isPresent()) {
                add("timescale", filled(timescale.get()));
            }
            var columnstore = TestDatabase.columnstore();
            if (columnstore.isPresent()) {
                filled(columnstore.get());
                TestDatabase.moveToColumnstore(columnstore.get());
                analyze(columnstore.get());
                add("columnstore", columnstore.get());
            }
        }
        return STORES.stream();
    }

    private static void add(String name, DataSource database) {
        STORES.add(Arguments.of(name, database));
        STORES.add(Arguments.of(name + " behind the wall between tenants", TestDatabase.asQueryRole(database)));
    }

    private static DataSource filled(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            // Ten tenants, so that the database has to believe that a condition on the tenant leaves little.
            sql.execute(
                    "INSERT INTO series (tenant, device, metric) SELECT 't' || n % 10, 'd' || n, 'm' FROM generate_series(1, "
                            + "2000) AS n");
            sql.execute("""
                    INSERT INTO measurement SELECT s, timestamptz '2026-03-20T00:00:00Z' + n * interval '2 min', n, now()
                      FROM generate_series(1, 20) AS s, generate_series(0, 8639) AS n
                    """);
            for (String table : List.of("window_10s", "window_1m")) {
                sql.execute(
                        "INSERT INTO " + table + " (series_id, start_at, phase, revision, count, sum, min, max, first, "
                                + "first_ts, last, last_ts, mean, m2) SELECT series_id, ts, 1, 0, 1, value, value, value, value, ts, "
                                + "value, ts, value, 0 FROM measurement");
            }
            sql.execute("""
                    INSERT INTO window_1h (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last,
                                           last_ts, mean, m2)
                    SELECT series_id, date_bin('1 hour', ts, 'epoch'), 1, 0, 30, sum(value), min(value), max(value), 0,
                           min(ts), 0, max(ts), avg(value), 0 FROM measurement GROUP BY 1, 2
                    """);
            sql.execute("ANALYZE");
        }
        return database;
    }

    private static void analyze(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("VACUUM ANALYZE");
        }
    }

    private static List<SlotSeries> series(int count) {
        Selected device = new Selected("d", null, null, Map.of(), null);
        List<SlotSeries> series = new ArrayList<>();
        for (int id = 1; id <= count; id++) {
            series.add(new SlotSeries(new StoredSeries(id, device, "m", null, "number", null), 0));
        }
        return series;
    }

    private static Plan plan(String bucket, String zone, Tier tier, long hours, String... aggregates) {
        Instant from = Instant.parse("2026-03-25T00:00:00Z");
        TreeSet<Aggregate> told = new TreeSet<>();
        for (String name : aggregates) {
            told.add(Aggregate.parse(name).orElseThrow());
        }
        BucketSpec spec = BucketSpec.parse(bucket).orElseThrow();
        Buckets buckets = Buckets.covering(
                spec, ZoneId.of(zone), Planner.micros(from), Planner.micros(from.plusSeconds(hours * 3_600)), 10_000);
        return new Plan(spec, ZoneId.of(zone), buckets, tier, told, Fill.NONE, 3_600_000_000L);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenDayOfOneSeries_whenReadFromEachTier_thenByIndexAndInItsChunksOnly(String store, DataSource database)
            throws SQLException {
        for (Tier tier : Tier.values()) {
            String bucket = tier == Tier.RAW ? "10s" : tier == Tier.HOUR ? "1h" : tier.label();
            for (String aggregate : List.of("avg", "stddev")) {
                Plan plan =
                        plan(tier == Tier.TEN_SECONDS || tier == Tier.RAW ? "1m" : bucket, "UTC", tier, 24, aggregate);

                check(database, sql(plan, 1), tier == Tier.HOUR ? 6 : 4);
            }
        }
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenCalendarDaysAndPairs_whenRead_thenByIndexAndInTheirChunksOnly(String store, DataSource database)
            throws SQLException {
        check(database, sql(plan("1d", "Australia/Lord_Howe", Tier.MINUTE, 48, "avg", "first"), 3), 6);
        check(database, sql(plan("1d", "Europe/Berlin", Tier.HOUR, 48, "rate", "integral"), 3), 40);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenHourOfRawSamples_whenRead_thenByIndexAndInOneChunk(String store, DataSource database)
            throws SQLException {
        List<StoredSeries> series = series(2).stream().map(SlotSeries::series).toList();
        Instant from = Instant.parse("2026-03-25T10:00:00Z");

        check(database, StitchedSql.samples(series, from, from.plusSeconds(3_600), 1_000), 1);
    }

    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenDayOfSamplesOfOneSeries_whenRead_thenByIndexAndInItsChunksOnly(String store, DataSource database)
            throws SQLException {
        List<StoredSeries> series = series(1).stream().map(SlotSeries::series).toList();
        Instant from = Instant.parse("2026-03-25T10:00:00Z");
        BoundSql sql = StitchedSql.samples(series, from, from.plusSeconds(86_400), 100_000);

        check(database, sql, 2);
        assertThat(explain(database, sql)).doesNotContain("Function Scan");
    }

    /** What a fleet's daily percentile took 52 s for: the database read the whole range of a series for each of its windows. */
    @ParameterizedTest(name = "{0}", autoCloseArguments = false)
    @MethodSource("stores")
    void givenWindowsWithoutASketch_whenPercentilesAreRead_thenSamplesAreLookedForInEachWindowAlone(
            String store, DataSource database) throws SQLException {
        BoundSql sql = sql(plan("1d", "UTC", Tier.HOUR, 5 * 24, "p95"), 20);

        String plan = explain(database, sql);

        if (store.startsWith("columnstore")) {
            // There the batches are told by their first and last time.
            assertThat(plan).containsPattern(OF_BATCHES_OF_ONE_WINDOW);
            return;
        }
        List<String> conditions = plan.lines()
                .filter(line -> line.contains("Index Cond: ") && line.contains("(ts "))
                .toList();
        assertThat(conditions)
                .as(plan)
                .anyMatch(condition -> OF_ONE_WINDOW.matcher(condition).find())
                .allMatch(condition -> OF_ONE_WINDOW.matcher(condition).find() || condition.contains(".until"));
    }

    private static BoundSql sql(Plan plan, int count) {
        return plan.inDatabase() ? StitchedSql.buckets(plan, series(count)) : StitchedSql.pieces(plan, series(count));
    }

    private static void check(DataSource database, BoundSql sql, int mostChunks) throws SQLException {
        String plan = explain(database, sql);
        Matcher scans = SCAN.matcher(plan);
        int found = 0;
        while (scans.find()) {
            String table = scans.group(2);
            boolean history =
                    table.startsWith("measurement") || table.startsWith("window_") || table.startsWith("_hyper_");
            if (history) {
                found++;
                assertThat(scans.group(1)).as(plan).isNotEqualTo("Seq Scan");
            }
        }
        assertThat(found).as(plan).isPositive();
        assertThat(plan).contains("Index Cond: ((series_id = ").contains("(ts >= ");
        long chunks = CHUNK.matcher(plan)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .count();
        assertThat(chunks).as(plan).isLessThanOrEqualTo(mostChunks);
    }

    private static String explain(DataSource database, BoundSql sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.getConnection()) {
            try (Statement setting = connection.createStatement()) {
                setting.execute("SET plan_cache_mode = force_custom_plan; SET heliograph.tenant = 't1'");
            }
            try (PreparedStatement statement =
                            StreamedRows.prepare(connection, new BoundSql("EXPLAIN " + sql.text(), sql.parameters()));
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }
}
