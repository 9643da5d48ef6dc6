package dev.heliograph.writer.store;

import dev.heliograph.model.wire.Topics;
import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.RepairRow;
import dev.heliograph.writer.plan.WindowSize;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code window_repair}: windows that a reading reached after the stream had let go of them. A request waits
 * until the reading itself is stored; then the window is recomputed from the measurements, in the same transaction or,
 * past the bound on the work of one, in a later one.
 */
final class RepairRows {
    private static final String ASK = """
        INSERT INTO window_repair AS r (series_id, size, start_at, source_partition, source_offset)
        SELECT u.series_id, u.size, timestamptz 'epoch' + u.start_at * interval '1 microsecond', u.source_partition,
               u.source_offset
        FROM unnest(?::int[], ?::text[], ?::bigint[], ?::int[], ?::bigint[])
             AS u(series_id, size, start_at, source_partition, source_offset)
        ORDER BY u.series_id, u.size, u.start_at
        ON CONFLICT (series_id, size, start_at) DO UPDATE
        SET source_partition = excluded.source_partition,
            source_offset = greatest(r.source_offset, excluded.source_offset), due_at = excluded.due_at
        """;
    private static final String DUE = """
        SELECT r.series_id, r.size, (extract(epoch FROM r.start_at) * 1000000)::bigint, r.least_revision
        FROM window_repair r
        JOIN consumer_offset c ON c.partition = r.source_partition AND c.next_offset > r.source_offset
        WHERE r.source_partition = ANY (?::int[]) AND r.due_at <= timestamptz 'epoch' + ?::bigint * interval '1 microsecond'
          AND c.consumer = ? AND c.topic = ? AND (r.size = '1h') = ?
        LIMIT ?
        """;
    private static final String DONE = """
        DELETE FROM window_repair r
        USING unnest(?::int[], ?::text[], ?::bigint[]) AS u(series_id, size, start_at)
        WHERE r.series_id = u.series_id AND r.size = u.size
          AND r.start_at = timestamptz 'epoch' + u.start_at * interval '1 microsecond'
        """;
    private static final String WAIT = """
        UPDATE window_repair r
        SET due_at = timestamptz 'epoch' + u.due_at * interval '1 microsecond'
        FROM unnest(?::int[], ?::bigint[], ?::bigint[]) AS u(series_id, start_at, due_at)
        WHERE r.series_id = u.series_id AND r.size = '1h'
          AND r.start_at = timestamptz 'epoch' + u.start_at * interval '1 microsecond'
        """;
    private static final String SAMPLES = """
        SELECT u.place, (extract(epoch FROM m.ts) * 1000000)::bigint, m.value
        FROM unnest(?::int[], ?::bigint[], ?::bigint[]) WITH ORDINALITY AS u(series_id, start_at, end_at, place)
        CROSS JOIN LATERAL (
            SELECT ts, value FROM measurement
            WHERE series_id = u.series_id AND ts >= timestamptz 'epoch' + u.start_at * interval '1 microsecond'
              AND ts < timestamptz 'epoch' + u.end_at * interval '1 microsecond') AS m
        ORDER BY u.place, m.ts
        """;
    /** Of both tables that compare places in the topic of readings: what they mean there came before all that is in it now. */
    private static final List<String> BEFORE_ALL = List.of(
            "UPDATE window_repair SET source_offset = -1 WHERE source_offset >= 0",
            "UPDATE correction_range SET source_offset = -1 WHERE source_offset >= 0");

    private static final int FETCHED_ROWS = 10_000;
    /** Windows of this length together are read by one statement: one hour, or the minutes of one. */
    private static final long READ_TOGETHER_MICROS = WindowSize.ONE_HOUR.micros();

    /** After its end the stream asks for an hour by itself, if it still knows it; only then is it anyone else's turn. */
    private static final long WAIT_AFTER_HOUR_MICROS = 300_000_000;

    private static final long MICROS_PER_MILLI = 1_000;
    private static final int REVISED = 2;

    /**
     * A window that is to be recomputed.
     *
     * @param leastRevision which it gets at least
     */
    record Window(int seriesId, WindowSize size, long startMicros, int leastRevision) {
        long endMicros() {
            return startMicros + size.micros();
        }

        /** Not over yet, so not to be taken for complete. */
        boolean isRunningHour(long nowMicros) {
            return size == WindowSize.ONE_HOUR && endMicros() > nowMicros;
        }
    }

    private final String consumer;
    private final RepairSettings settings;
    private final RevisionNotices notices;

    RepairRows(String consumer, RepairSettings settings, RevisionNotices notices) {
        this.consumer = consumer;
        this.settings = settings;
        this.notices = notices;
    }

    /** The topic of readings is another one: what was asked for because of a reading in it is due, stored or not. */
    static void waitForNoReading(Connection connection) throws SQLException {
        for (String sql : BEFORE_ALL) {
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                update.executeUpdate();
            }
        }
    }

    void write(Transaction transaction) throws SQLException {
        List<RepairRow> asked = transaction.plan().repairs();
        int[] partitions = IntStream.concat(
                        asked.stream().mapToInt(RepairRow::sourcePartition),
                        transaction.plan().advances().stream()
                                .filter(advance -> advance.place().topic().equals(Topics.READINGS))
                                .map(Advance::place)
                                .mapToInt(place -> place.partition()))
                .distinct()
                .toArray();
        if (partitions.length == 0) {
            return;
        }
        if (!asked.isEmpty()) {
            ask(transaction, asked);
        }
        Work work = new Work();
        // Hours come last: one that runs is made of its minutes, which must be true by then.
        boolean left = repair(transaction, partitions, false, work) || repair(transaction, partitions, true, work);
        transaction.repairsLeft(left);
        notices.write(transaction);
    }

    /** What one transaction has done so far. */
    private static final class Work {
        private final long nowMicros = System.currentTimeMillis() * MICROS_PER_MILLI;
        private int windows;
        private int rows;
    }

    /** Repairs hours, or what is smaller, as far as the bounds allow; says whether any are left. */
    private boolean repair(Transaction transaction, int[] partitions, boolean hours, Work work) throws SQLException {
        // One more than may be done, to know whether any are left: counting them all could take longer than the work.
        int most = settings.maxWindows() - work.windows;
        List<Window> due = due(transaction.connection(), partitions, hours, work.nowMicros, most + 1);
        if (due.isEmpty()) {
            return false;
        }
        List<Window> some = due.subList(0, Math.min(due.size(), most));
        List<Window> over = new ArrayList<>();
        List<Window> running = new ArrayList<>();
        some.forEach(window -> (window.isRunningHour(work.nowMicros) ? running : over).add(window));
        List<Window> recomputed = recompute(transaction, over, work);
        forget(transaction.connection(), recomputed);
        int done = recomputed.size();
        if (work.rows < settings.maxMeasurements()) {
            work.rows += RunningHours.replace(transaction, running);
            letWait(transaction.connection(), running);
            done += running.size();
        }
        work.windows += done;
        return done < due.size();
    }

    private static void ask(Transaction transaction, List<RepairRow> rows) throws SQLException {
        try (PreparedStatement ask = transaction.connection().prepareStatement(ASK)) {
            ask.setObject(
                    1,
                    rows.stream()
                            .mapToInt(row -> transaction.seriesId(row.series()))
                            .toArray());
            ask.setObject(2, rows.stream().map(row -> row.size().text()).toArray(String[]::new));
            ask.setObject(3, rows.stream().mapToLong(RepairRow::startMicros).toArray());
            ask.setObject(4, rows.stream().mapToInt(RepairRow::sourcePartition).toArray());
            ask.setObject(5, rows.stream().mapToLong(RepairRow::sourceOffset).toArray());
            transaction.wrote("window_repair", ask.executeUpdate());
        }
    }

    private List<Window> due(Connection connection, int[] partitions, boolean hours, long now, int most)
            throws SQLException {
        List<Window> windows = new ArrayList<>();
        try (PreparedStatement due = connection.prepareStatement(DUE)) {
            due.setObject(1, partitions);
            due.setLong(2, now);
            due.setString(3, consumer);
            due.setString(4, Topics.READINGS);
            due.setBoolean(5, hours);
            due.setInt(6, most);
            try (ResultSet row = due.executeQuery()) {
                while (row.next()) {
                    String text = row.getString(2);
                    WindowSize size = WindowSize.parse(text)
                            .orElseThrow(() -> new IllegalStateException("window_repair holds the size " + text));
                    windows.add(new Window(row.getInt(1), size, row.getLong(3), row.getInt(4)));
                }
            }
        }
        return windows;
    }

    /** Recomputes windows until enough has been read; returns those that are done. */
    private List<Window> recompute(Transaction transaction, List<Window> due, Work work) throws SQLException {
        Recomputed recomputed = new Recomputed(due.size());
        int done = 0;
        try (PreparedStatement query = transaction.connection().prepareStatement(SAMPLES)) {
            query.setFetchSize(FETCHED_ROWS);
            while (done < due.size() && work.rows + recomputed.measurements < settings.maxMeasurements()) {
                List<Window> together = firstOf(due.subList(done, due.size()));
                read(query, together, recomputed);
                done += together.size();
            }
        }
        for (WindowSize size : WindowSize.values()) {
            WindowRows.replace(transaction, size, recomputed.of(size));
        }
        work.rows += recomputed.measurements;
        return due.subList(0, done);
    }

    private static List<Window> firstOf(List<Window> windows) {
        long length = 0;
        int count = 0;
        while (count < windows.size() && length < READ_TOGETHER_MICROS) {
            length += windows.get(count++).size().micros();
        }
        return windows.subList(0, count);
    }

    private static void read(PreparedStatement query, List<Window> windows, Recomputed recomputed) throws SQLException {
        query.setObject(1, windows.stream().mapToInt(Window::seriesId).toArray());
        query.setObject(2, windows.stream().mapToLong(Window::startMicros).toArray());
        query.setObject(3, windows.stream().mapToLong(Window::endMicros).toArray());
        try (ResultSet row = query.executeQuery()) {
            int at = 0;
            while (row.next()) {
                int place = row.getInt(1);
                if (place != at) {
                    recomputed.end(at == 0 ? null : windows.get(at - 1));
                    at = place;
                }
                recomputed.add(row.getLong(2), row.getDouble(3));
            }
            recomputed.end(at == 0 ? null : windows.get(at - 1));
        }
    }

    /** What becomes of the measurements that are read, window by window. A window of which none is stored keeps its row. */
    private static final class Recomputed {
        private final WindowColumns[] columns = new WindowColumns[WindowSize.values().length];
        private final StoredSamples samples = new StoredSamples();
        private int measurements;

        Recomputed(int windows) {
            Arrays.setAll(columns, size -> new WindowColumns(windows));
        }

        WindowColumns of(WindowSize size) {
            return columns[size.ordinal()];
        }

        void add(long timeMicros, double value) {
            samples.add(timeMicros, value);
            measurements++;
        }

        void end(@Nullable Window window) {
            if (window != null) {
                byte[] sketch = window.size().hasSketch() ? samples.sketch() : null;
                of(window.size())
                        .add(
                                window.seriesId(),
                                window.startMicros(),
                                REVISED,
                                window.leastRevision(),
                                samples.stats(),
                                sketch);
                samples.clear();
            }
        }
    }

    /** What was made of an hour that runs is not its last word: the request stays until the hour is over. */
    private static void letWait(Connection connection, List<Window> hours) throws SQLException {
        if (hours.isEmpty()) {
            return;
        }
        try (PreparedStatement wait = connection.prepareStatement(WAIT)) {
            wait.setObject(1, hours.stream().mapToInt(Window::seriesId).toArray());
            wait.setObject(2, hours.stream().mapToLong(Window::startMicros).toArray());
            wait.setObject(
                    3,
                    hours.stream()
                            .mapToLong(hour -> hour.endMicros() + WAIT_AFTER_HOUR_MICROS)
                            .toArray());
            wait.executeUpdate();
        }
    }

    private static void forget(Connection connection, List<Window> windows) throws SQLException {
        if (windows.isEmpty()) {
            return;
        }
        try (PreparedStatement done = connection.prepareStatement(DONE)) {
            done.setObject(1, windows.stream().mapToInt(Window::seriesId).toArray());
            done.setObject(
                    2, windows.stream().map(window -> window.size().text()).toArray(String[]::new));
            done.setObject(3, windows.stream().mapToLong(Window::startMicros).toArray());
            done.executeUpdate();
        }
    }
}
