package dev.heliograph.stream.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.SeriesKey;
import dev.heliograph.model.sketch.QuantileSketch;
import dev.heliograph.model.window.WindowPhase;
import dev.heliograph.model.window.WindowStats;
import dev.heliograph.writer.plan.WindowSize;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is stored in the end equals its recomputation from the raw list of arrivals: measurements, windows of all sizes with
 * their percentiles, latest values, presence. How many histories, {@code heliograph.test.histories} says.
 */
class ExactnessTest {
    private static final int HISTORIES = Integer.getInteger("heliograph.test.histories", 10_000);
    private static final long FIRST_SEED = Long.getLong("heliograph.test.first-seed", 0);
    private static final double TOLERANCE = 1e-9;

    @Test
    void givenManyHistories_whenAllIsWritten_thenTheStoreEqualsTheRecomputation() {
        AtomicLong windows = new AtomicLong();
        AtomicLong hours = new AtomicLong();
        AtomicLong revised = new AtomicLong();
        AtomicLong repaired = new AtomicLong();
        AtomicLong conflicts = new AtomicLong();
        AtomicLong overflows = new AtomicLong();

        LongStream.range(FIRST_SEED, FIRST_SEED + HISTORIES).parallel().forEach(seed -> {
            PipelineHistory history = check(seed);
            windows.addAndGet(history.store.windows.size());
            hours.addAndGet(history.toldHours);
            revised.addAndGet(history.results[WindowPhase.REVISED.ordinal()]);
            repaired.addAndGet(history.store.repaired);
            conflicts.addAndGet(history.store.conflicts);
            overflows.addAndGet(history.overflows);
        });

        System.out.printf(
                "%d histories: %d windows, %d results of hours, %d revisions, %d repairs, %d conflicts, %d overflows%n",
                HISTORIES, windows.get(), hours.get(), revised.get(), repaired.get(), conflicts.get(), overflows.get());
        // Guards against a proof of nothing: each kind of event must have come up often.
        for (AtomicLong count : new AtomicLong[] {windows, hours, repaired, conflicts}) {
            assertThat(count.get()).isGreaterThan(HISTORIES);
        }
        assertThat(revised.get()).isGreaterThan(HISTORIES / 2);
        assertThat(overflows.get()).isGreaterThan(HISTORIES / 100);
    }

    /** Histories that once found a fault. */
    @ParameterizedTest
    @ValueSource(longs = {1_015_858, 1_045_593})
    void givenAHistoryThatFoundAFault_whenAllIsWritten_thenTheStoreEqualsTheRecomputation(long seed) {
        assertThat(check(seed).keptSpans()).isZero();
    }

    private static PipelineHistory check(long seed) {
        PipelineHistory history = new PipelineHistory(seed);
        try {
            history.play();
            require(history.keptSpans() == 0, "spans are left");
            require(history.store.repairs.isEmpty(), "repairs are left");
            checkMeasurements(history);
            checkWindows(history);
            history.checkPresence();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
        }
        return history;
    }

    private static void checkMeasurements(PipelineHistory history) {
        Map<SeriesKey, TreeMap<Long, Double>> expected = history.observer.measurements();
        ModelStore store = history.store;
        require(store.measurements.equals(expected), "measurements differ");
        require(store.conflicts == history.observer.conflicts(), "conflicts: " + store.conflicts);
        require(
                store.stored + store.duplicates + store.conflicts == history.observer.samples(),
                "the ledger does not balance");
        expected.forEach((series, values) -> {
            ModelStore.Latest latest = store.latest.get(series);
            Map.Entry<Long, Double> newest = values.lastEntry();
            if (latest == null || latest.time() != newest.getKey() || latest.value() != newest.getValue()) {
                throw new AssertionError("latest of " + series + ": " + latest + " for " + newest);
            }
        });
    }

    private static void checkWindows(PipelineHistory history) {
        Map<NaiveObserver.Window, NaiveObserver.Expected> expected = history.observer.windows();
        require(
                history.store.windows.size() == expected.size(),
                history.store.windows.size() + " windows for " + expected.size());
        expected.forEach((window, truth) -> {
            WindowSize size = WindowSize.parse(window.size().label()).orElseThrow();
            ModelStore.Row row = history.store.windows.get(new ModelStore.Id(window.series(), size, window.start()));
            if (row == null || !isOf(truth, row, size)) {
                throw new AssertionError(window + ": " + row + " for " + truth);
            }
        });
    }

    private static boolean isOf(NaiveObserver.Expected truth, ModelStore.Row row, WindowSize size) {
        WindowStats stats = row.stats();
        return row.phase() > 0
                && stats.count() == truth.count()
                && stats.min() == truth.min()
                && stats.max() == truth.max()
                && stats.first() == truth.first()
                && stats.firstMicros() == truth.firstMicros()
                && stats.last() == truth.last()
                && stats.lastMicros() == truth.lastMicros()
                && near(stats.sum(), truth.sum())
                && near(stats.mean(), truth.mean())
                && near(stats.squaredDeviations(), truth.squares())
                && size.hasSketch() == (row.sketch() != null)
                && (row.sketch() == null || hasPercentiles(row.sketch(), truth.sorted()));
    }

    private static boolean hasPercentiles(byte[] sketch, double[] sorted) {
        QuantileSketch read = QuantileSketch.fromBytes(sketch);
        for (double q : new double[] {0, 0.25, 0.5, 0.95, 1}) {
            double exact = sorted[(int) (q * (sorted.length - 1))];
            if (Math.abs(read.quantile(q) - exact) > Math.abs(exact) * 0.010001) {
                return false;
            }
        }
        return read.count() == sorted.length;
    }

    private static boolean near(double one, double other) {
        return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(other));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
