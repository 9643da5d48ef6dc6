package dev.heliograph.writer.store;

import dev.heliograph.model.window.WindowStats;
import dev.heliograph.model.wire.WindowRecord;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a table of windows, column by column, as a statement with {@code unnest} takes them. */
final class WindowColumns {
    /** The columns, in the order in which they are bound; the sketch comes last, where the table has one. */
    static final String NAMES =
            "series_id, start_at, phase, revision, count, sum, min, max, first, first_ts, last, last_ts, mean, m2";

    /** Selects the columns from a {@code u} that has times in µs since the epoch. */
    static final String SELECTED = """
        u.series_id, timestamptz 'epoch' + u.start_at * interval '1 microsecond', u.phase, u.revision, u.count, u.sum,
        u.min, u.max, u.first, timestamptz 'epoch' + u.first_ts * interval '1 microsecond', u.last,
        timestamptz 'epoch' + u.last_ts * interval '1 microsecond', u.mean, u.m2\
        """;

    static final String PARAMETERS = """
        ?::int[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[], ?::float8[],
        ?::bigint[], ?::float8[], ?::bigint[], ?::float8[], ?::float8[]\
        """;

    private final int[] seriesIds;
    private final long[] starts;
    private final int[] phases;
    private final int[] revisions;
    private final long[] counts;
    private final double[] sums;
    private final double[] mins;
    private final double[] maxs;
    private final double[] firsts;
    private final long[] firstTimes;
    private final double[] lasts;
    private final long[] lastTimes;
    private final double[] means;
    private final double[] squares;
    private final List<byte @Nullable []> sketches = new ArrayList<>();
    private int size;

    WindowColumns(int rows) {
        seriesIds = new int[rows];
        starts = new long[rows];
        phases = new int[rows];
        revisions = new int[rows];
        counts = new long[rows];
        sums = new double[rows];
        mins = new double[rows];
        maxs = new double[rows];
        firsts = new double[rows];
        firstTimes = new long[rows];
        lasts = new double[rows];
        lastTimes = new long[rows];
        means = new double[rows];
        squares = new double[rows];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(int seriesId, int phase, WindowRecord told) {
        int row = begin(seriesId, told.start(), phase, told.rev());
        counts[row] = told.count();
        sums[row] = told.sum();
        mins[row] = told.min();
        maxs[row] = told.max();
        firsts[row] = told.first();
        firstTimes[row] = told.firstTs();
        lasts[row] = told.last();
        lastTimes[row] = told.lastTs();
        means[row] = told.mean();
        squares[row] = told.m2();
        sketches.add(told.sketch());
    }

    void add(int seriesId, long startMicros, int phase, int revision, WindowStats stats, byte @Nullable [] sketch) {
        int row = begin(seriesId, startMicros, phase, revision);
        counts[row] = stats.count();
        sums[row] = stats.sum();
        mins[row] = stats.min();
        maxs[row] = stats.max();
        firsts[row] = stats.first();
        firstTimes[row] = stats.firstMicros();
        lasts[row] = stats.last();
        lastTimes[row] = stats.lastMicros();
        means[row] = stats.mean();
        squares[row] = stats.squaredDeviations();
        sketches.add(sketch);
    }

    private int begin(int seriesId, long startMicros, int phase, int revision) {
        seriesIds[size] = seriesId;
        starts[size] = startMicros;
        phases[size] = phase;
        revisions[size] = revision;
        return size++;
    }

    void bind(PreparedStatement statement, boolean withSketch) throws SQLException {
        int[][] ints = {seriesIds, phases, revisions};
        long[][] longs = {starts, counts, firstTimes, lastTimes};
        double[][] doubles = {sums, mins, maxs, firsts, lasts, means, squares};
        int[] intsAt = {1, 3, 4};
        int[] longsAt = {2, 5, 10, 12};
        int[] doublesAt = {6, 7, 8, 9, 11, 13, 14};
        for (int i = 0; i < ints.length; i++) {
            statement.setObject(intsAt[i], Arrays.copyOf(ints[i], size));
        }
        for (int i = 0; i < longs.length; i++) {
            statement.setObject(longsAt[i], Arrays.copyOf(longs[i], size));
        }
        for (int i = 0; i < doubles.length; i++) {
            statement.setObject(doublesAt[i], Arrays.copyOf(doubles[i], size));
        }
        if (withSketch) {
            statement.setArray(15, statement.getConnection().createArrayOf("bytea", sketches.toArray(byte[][]::new)));
        }
    }
}
