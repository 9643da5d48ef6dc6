package dev.heliograph.query.data;

import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.query.testing.TestRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A fleet of eight devices at sites in three time zones over eleven days in which two of them change their clocks, and the
 * windows that the stream would have closed by {@link #CLOSED}; in the list of samples and in a database.
 */
final class TestFleet {
    static final Instant START = Instant.parse("2026-03-26T00:00:00Z");
    static final Instant END = Instant.parse("2026-04-06T00:00:00Z");
    /** Windows that end by then are closed. */
    static final Instant CLOSED = Instant.parse("2026-04-05T20:37:20Z");

    static final List<Tier> WINDOWS = List.of(Tier.TEN_SECONDS, Tier.MINUTE, Tier.HOUR);
    private static final Map<String, String> ZONES =
            Map.of("berlin", "Europe/Berlin", "howe", "Australia/Lord_Howe", "patan", "Asia/Kathmandu");

    /** A device and its series. */
    record Unit(
            String id,
            @Nullable String site,
            String type,
            @Nullable String floor,
            Map<String, NaiveSeries> numbers,
            TreeMap<Long, String> modes) {
        String zone() {
            return site == null ? "UTC" : ZONES.getOrDefault(site, "UTC");
        }
    }

    final List<Unit> units = new ArrayList<>();

    TestFleet(long seed) {
        Random random = new Random(seed);
        String[] sites = {"berlin", "howe", "patan", null};
        for (int i = 0; i < 8; i++) {
            Map<String, NaiveSeries> numbers = new LinkedHashMap<>();
            numbers.put("energy", counter(random));
            numbers.put("temperature", level(random));
            units.add(new Unit(
                    "d" + i,
                    sites[i % 4],
                    i % 3 == 0 ? "boiler" : "pump",
                    i % 2 == 0 ? "f" + i / 4 : null,
                    numbers,
                    modes(random)));
        }
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000;
    }

    /** Irregular, in bursts of several a minute, with silences of hours. */
    private static long next(Random random, long at) {
        int kind = random.nextInt(100);
        long seconds = kind < 2
                ? 3_600 * (1 + random.nextInt(9))
                : kind < 40 ? 3 + random.nextInt(50) : 300 + random.nextInt(1_500);
        return at + seconds * 1_000_000 + random.nextInt(1_000_000);
    }

    private static NaiveSeries level(Random random) {
        NaiveSeries series = new NaiveSeries();
        double value = random.nextGaussian() * 10;
        for (long at = next(random, micros(START)); at < micros(END); at = next(random, at)) {
            value += random.nextGaussian();
            series.samples.put(at, random.nextInt(200) == 0 ? 0.0 : value);
        }
        return series;
    }

    private static NaiveSeries counter(Random random) {
        NaiveSeries series = new NaiveSeries();
        double value = random.nextDouble() * 1_000;
        for (long at = next(random, micros(START)); at < micros(END); at = next(random, at)) {
            value = random.nextInt(150) == 0 ? random.nextDouble() : value + random.nextDouble() * 5;
            series.samples.put(at, value);
        }
        return series;
    }

    private static TreeMap<Long, String> modes(Random random) {
        TreeMap<Long, String> modes = new TreeMap<>();
        for (long at = micros(START); at < micros(END); at = next(random, at) + 2_000_000_000L) {
            modes.put(at / 1_000 * 1_000, List.of("idle", "heating", "fault").get(random.nextInt(3)));
        }
        return modes;
    }

    /** Whether the window of a tier that holds an instant has closed. */
    static boolean closed(Tier tier, long micros) {
        return start(tier, micros) + tier.micros() <= micros(CLOSED);
    }

    static long start(Tier tier, long micros) {
        return Math.floorDiv(micros, tier.micros()) * tier.micros();
    }

    /** Writes everything as the writer would. */
    void insert(JdbcClient jdbc, String tenant) {
        TestRows rows = new TestRows(jdbc, tenant);
        ZONES.forEach(
                (site, zone) -> jdbc.sql("INSERT INTO site (tenant, id, name, timezone) VALUES (:t, :id, :id, :zone)")
                        .param("t", tenant)
                        .param("id", site)
                        .param("zone", zone)
                        .update());
        for (Unit unit : units) {
            rows.device(unit.id);
            jdbc.sql("UPDATE device SET site = :site, type = :type, labels = CAST(:labels AS jsonb) "
                            + "WHERE tenant = :t AND id = :id")
                    .param("t", tenant)
                    .param("id", unit.id)
                    .param("site", unit.site)
                    .param("type", unit.type)
                    .param("labels", unit.floor == null ? "{}" : "{\"floor\":\"" + unit.floor + "\"}")
                    .update();
            unit.numbers.forEach((metric, series) -> insert(jdbc, rows.series(unit.id, metric, "number"), series));
            int mode = rows.series(unit.id, "mode", "state");
            jdbc.sql("INSERT INTO state_change SELECT :s, u.ts, u.value, u.ts "
                            + "FROM unnest(CAST(:ts AS timestamptz[]), :v) AS u (ts, value)")
                    .param("s", mode)
                    .param("ts", times(unit.modes.keySet().stream().toList()))
                    .param("v", unit.modes.values().toArray(String[]::new))
                    .update();
        }
    }

    private static String[] times(List<Long> micros) {
        return micros.stream().map(one -> StitchedSql.instant(one).toString()).toArray(String[]::new);
    }

    private static void insert(JdbcClient jdbc, int id, NaiveSeries series) {
        List<Long> times = List.copyOf(series.samples.keySet());
        jdbc.sql("INSERT INTO measurement SELECT :s, u.ts, u.value, u.ts "
                        + "FROM unnest(CAST(:ts AS timestamptz[]), CAST(:v AS float8[])) AS u (ts, value)")
                .param("s", id)
                .param("ts", times(times))
                .param("v", series.samples.values().toArray(Double[]::new))
                .update();
        for (Tier tier : WINDOWS) {
            TreeMap<Long, java.util.SortedMap<Long, Double>> windows = new TreeMap<>();
            for (long at : times) {
                long start = start(tier, at);
                windows.computeIfAbsent(start, any -> series.samples.subMap(start, start + tier.micros()));
            }
            insert(jdbc, tier, id, windows);
        }
    }

    private static final String WINDOW_ROWS = """
            INSERT INTO %s (series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, last_ts, mean,
                            m2%s)
            SELECT :s, u.start_at, u.phase, 0, u.count, u.sum, u.min, u.max, u.first, u.first_ts, u.last, u.last_ts, u.mean,
                   u.m2%s
              FROM unnest(CAST(:start AS timestamptz[]), CAST(:phase AS int[]), CAST(:count AS bigint[]),
                          CAST(:sum AS float8[]), CAST(:min AS float8[]), CAST(:max AS float8[]), CAST(:first AS float8[]),
                          CAST(:firstTs AS timestamptz[]), CAST(:last AS float8[]), CAST(:lastTs AS timestamptz[]),
                          CAST(:mean AS float8[]), CAST(:m2 AS float8[]), CAST(:sketch AS text[]))
                   AS u (start_at, phase, count, sum, min, max, first, first_ts, last, last_ts, mean, m2, sketch)
            """;

    /** Of an open window only an early result that misses most of it; of some closed ones no sketch. */
    private static void insert(
            JdbcClient jdbc, Tier tier, int id, TreeMap<Long, java.util.SortedMap<Long, Double>> windows) {
        int size = windows.size();
        int[] phases = new int[size];
        long[] counts = new long[size];
        double[][] numbers = new double[7][size];
        @Nullable String[] sketches = new String[size];
        List<Long> firsts = new ArrayList<>();
        List<Long> lasts = new ArrayList<>();
        int at = 0;
        for (var window : windows.entrySet()) {
            java.util.SortedMap<Long, Double> samples = window.getValue();
            boolean closed = closed(tier, window.getKey());
            List<Double> values = closed ? List.copyOf(samples.values()) : List.of(samples.get(samples.firstKey()));
            double sum = values.stream().mapToDouble(Double::doubleValue).sum();
            double mean = sum / values.size();
            phases[at] = closed ? 1 : 0;
            counts[at] = values.size();
            firsts.add(samples.firstKey());
            lasts.add(closed ? samples.lastKey() : samples.firstKey());
            double[] told = {
                sum,
                values.stream().min(Double::compare).orElseThrow(),
                values.stream().max(Double::compare).orElseThrow(),
                values.getFirst(),
                values.getLast(),
                mean,
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum()
            };
            for (int i = 0; i < told.length; i++) {
                numbers[i][at] = told[i];
            }
            QuantileSketch sketch = new QuantileSketch();
            values.forEach(sketch::add);
            sketches[at++] = window.getKey() / tier.micros() % 17 == 0
                    ? null
                    : java.util.HexFormat.of().formatHex(sketch.toBytes());
        }
        boolean sketched = tier != Tier.TEN_SECONDS;
        jdbc.sql(WINDOW_ROWS.formatted(
                        tier.table(), sketched ? ", sketch" : "", sketched ? ", decode(u.sketch, 'hex')" : ""))
                .param("s", id)
                .param("start", times(List.copyOf(windows.keySet())))
                .param("phase", phases)
                .param("count", counts)
                .param("sum", numbers[0])
                .param("min", numbers[1])
                .param("max", numbers[2])
                .param("first", numbers[3])
                .param("firstTs", times(firsts))
                .param("last", numbers[4])
                .param("lastTs", times(lasts))
                .param("mean", numbers[5])
                .param("m2", numbers[6])
                .param("sketch", sketches)
                .update();
    }
}
