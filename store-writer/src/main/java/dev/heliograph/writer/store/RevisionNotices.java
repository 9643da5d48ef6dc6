package dev.heliograph.writer.store;

import dev.heliograph.model.wire.WindowRecord;
import dev.heliograph.model.wire.WireCodec;
import dev.heliograph.writer.plan.SeriesChange;
import dev.heliograph.writer.plan.SeriesChange.Window;
import dev.heliograph.writer.plan.WindowSize;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code revision_notice}: what live viewers are still to be told of repairs and corrections. A notice is written in
 * the transaction of the change and taken away when it has been told, so that none is lost with a process; the windows are
 * read when they are told, so that what is told is what is stored. Thread-safe.
 */
public final class RevisionNotices {
    private static final int DEFAULT_WINDOWS = 20;
    private static final String WRITE = """
        INSERT INTO revision_notice (series_id, from_us, to_us, windows)
        SELECT u.series_id, u.from_us, u.to_us, u.windows
        FROM unnest(?::int[], ?::bigint[], ?::bigint[], ?::text[]) AS u(series_id, from_us, to_us, windows)
        """;
    private static final String OLDEST = """
        SELECT n.id, n.series_id, n.from_us, n.to_us, n.windows, s.tenant, s.device, s.metric
        FROM revision_notice n LEFT JOIN series s ON s.id = n.series_id ORDER BY n.id LIMIT ?
        """;
    private static final String DELETE = "DELETE FROM revision_notice WHERE id = ANY (?::bigint[])";
    private static final String PRUNE =
            "DELETE FROM revision_notice WHERE id <= (SELECT max(id) FROM revision_notice) - ?";
    private static final String WAITING = "SELECT coalesce(max(id) - min(id) + 1, 0) FROM revision_notice";
    private static final String STORED = """
        SELECT u.place, w.phase, w.revision, w.count, w.sum, w.min, w.max, w.first,
               (extract(epoch FROM w.first_ts) * 1000000)::bigint, w.last,
               (extract(epoch FROM w.last_ts) * 1000000)::bigint, w.mean, w.m2, %s
        FROM unnest(?::int[], ?::bigint[]) WITH ORDINALITY AS u(series_id, start_at, place)
        JOIN %s w ON w.series_id = u.series_id AND w.start_at = timestamptz 'epoch' + u.start_at * interval '1 microsecond'
        ORDER BY u.place
        """;
    private static final List<String> PHASES = List.of("early", "final", "revised");

    private final int mostWindows;
    private final Semaphore written = new Semaphore(0);

    /** Notices with the default bound. */
    public RevisionNotices() {
        this(DEFAULT_WINDOWS);
    }

    /** @param mostWindows windows that are named in one notice; beyond, it tells the range only */
    public RevisionNotices(int mostWindows) {
        this.mostWindows = mostWindows;
    }

    /**
     * The oldest notices.
     *
     * @param ids all of them; those of series that are gone have nothing to tell
     */
    public record Batch(List<Long> ids, List<SeriesChange> changes, Map<Integer, Series> series) {
        /** What a series is called. */
        public record Series(String tenant, String device, String metric) {}
    }

    /** Windows that one notice may name. */
    public int mostWindows() {
        return mostWindows;
    }

    /** Notes what a transaction repaired. */
    void write(Transaction transaction) throws SQLException {
        if (!transaction.repaired().isEmpty()) {
            List<SeriesChange> changes = transaction.repaired().changes(mostWindows);
            write(transaction.connection(), changes);
        }
    }

    /** Notes that samples of a range were changed: its windows are gone, and noted again when they have been made anew. */
    void ofRange(Connection connection, int[] series, long from, long to) throws SQLException {
        List<SeriesChange> changes = new ArrayList<>(series.length);
        for (int id : series) {
            changes.add(new SeriesChange(id, from, to, null));
        }
        write(connection, changes);
    }

    private static void write(Connection connection, List<SeriesChange> changes) throws SQLException {
        if (changes.isEmpty()) {
            return;
        }
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setObject(1, changes.stream().mapToInt(SeriesChange::seriesId).toArray());
            write.setObject(2, changes.stream().mapToLong(SeriesChange::from).toArray());
            write.setObject(3, changes.stream().mapToLong(SeriesChange::to).toArray());
            write.setObject(4, changes.stream().map(SeriesChange::windowsText).toArray(String[]::new));
            write.executeUpdate();
        }
    }

    /** Says that a transaction with notices was committed. */
    void committed() {
        written.release();
    }

    /** Waits until a transaction of this process with notices was committed, or the time is over. */
    public void await(Duration wait) throws InterruptedException {
        if (written.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            written.drainPermits();
        }
    }

    /** The oldest notices, at most so many. */
    public static Batch oldest(Connection connection, int most) throws SQLException {
        List<Long> ids = new ArrayList<>();
        List<SeriesChange> changes = new ArrayList<>();
        Map<Integer, Batch.Series> series = new HashMap<>();
        try (PreparedStatement oldest = connection.prepareStatement(OLDEST)) {
            oldest.setInt(1, most);
            try (ResultSet row = oldest.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                    String tenant = row.getString(6);
                    if (tenant != null) {
                        series.put(row.getInt(2), new Batch.Series(tenant, row.getString(7), row.getString(8)));
                        changes.add(new SeriesChange(
                                row.getInt(2),
                                row.getLong(3),
                                row.getLong(4),
                                SeriesChange.windowsOf(row.getString(5))));
                    }
                }
            }
        }
        return new Batch(ids, changes, series);
    }

    /** Takes notices away. */
    public static void delete(Connection connection, List<Long> ids) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setObject(1, ids.stream().mapToLong(Long::longValue).toArray());
            delete.executeUpdate();
        }
    }

    /** Takes the oldest notices away where there are more than this; returns how many those were. */
    public static int prune(Connection connection, long most) throws SQLException {
        try (PreparedStatement prune = connection.prepareStatement(PRUNE)) {
            prune.setLong(1, most);
            return prune.executeUpdate();
        }
    }

    /** How many wait; those of transactions that were given up are counted, as {@link #prune} counts them. */
    public static long waiting(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(WAITING);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The windows of the changes as they are stored, one list for each change that names them; those that are gone are left out. */
    public static List<@Nullable List<WindowRecord>> stored(
            Connection connection, List<SeriesChange> changes, Map<Integer, Batch.Series> series, long nowMicros)
            throws SQLException {
        List<@Nullable List<WindowRecord>> stored = new ArrayList<>();
        Map<WindowSize, List<Wanted>> bySize = new HashMap<>();
        for (SeriesChange change : changes) {
            List<Window> windows = change.windows();
            List<WindowRecord> into = windows == null ? null : new ArrayList<>();
            stored.add(into);
            if (windows != null && into != null) {
                windows.forEach(window -> bySize.computeIfAbsent(window.size(), size -> new ArrayList<>())
                        .add(new Wanted(change.seriesId(), window, into)));
            }
        }
        for (Map.Entry<WindowSize, List<Wanted>> entry : bySize.entrySet()) {
            read(connection, entry.getKey(), entry.getValue(), series, nowMicros);
        }
        return stored;
    }

    private record Wanted(int seriesId, Window window, List<WindowRecord> into) {}

    private static void read(
            Connection connection,
            WindowSize size,
            List<Wanted> wanted,
            Map<Integer, Batch.Series> series,
            long nowMicros)
            throws SQLException {
        String sql = STORED.formatted(size.hasSketch() ? "w.sketch" : "NULL::bytea", size.table());
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setObject(1, wanted.stream().mapToInt(Wanted::seriesId).toArray());
            query.setObject(
                    2, wanted.stream().mapToLong(one -> one.window().start()).toArray());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Wanted one = wanted.get(row.getInt(1) - 1);
                    Batch.Series name = series.get(one.seriesId());
                    if (name != null) {
                        one.into().add(record(row, one.window(), name, nowMicros));
                    }
                }
            }
        }
    }

    private static WindowRecord record(ResultSet row, Window window, Batch.Series name, long nowMicros)
            throws SQLException {
        return new WindowRecord(
                WireCodec.VERSION,
                name.tenant(),
                name.device(),
                name.metric(),
                window.size().text(),
                window.start(),
                window.start() + window.size().micros(),
                PHASES.get(row.getInt(2)),
                row.getInt(3),
                row.getLong(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getDouble(8),
                row.getLong(9),
                row.getDouble(10),
                row.getLong(11),
                row.getDouble(12),
                row.getDouble(13),
                nowMicros,
                null,
                null,
                row.getBytes(14));
    }
}
