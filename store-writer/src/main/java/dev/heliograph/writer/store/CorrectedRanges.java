package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.WindowRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table {@code correction_range}: it makes void what the stream told of a window before it knew of a correction, however
 * late that arrives here. What is stored of such a window was made from the rows when the correction was applied.
 */
final class CorrectedRanges {
    private static final String FIND = """
            SELECT series_id, (extract(epoch FROM from_at) * 1000000)::bigint, (extract(epoch FROM to_at) * 1000000)::bigint,
                   source_partition, source_offset
            FROM correction_range WHERE series_id = ANY (?::int[])
            """;

    private record Range(long from, long to, int partition, long offset) {
        boolean voids(WindowRow row) {
            Integer partition = row.summary().srcPartition();
            Long offset = row.summary().srcOffset();
            long start = row.summary().start();
            boolean touches = start < to && start + row.size().micros() > from;
            return touches
                    && (partition == null || offset == null || (partition == this.partition && offset < this.offset));
        }
    }

    private CorrectedRanges() {}

    /** The windows of the plan that still say something. */
    static List<WindowRow> stillTrue(Transaction transaction) throws SQLException {
        List<WindowRow> told = transaction.plan().windows();
        if (told.isEmpty()) {
            return told;
        }
        Map<Integer, List<Range>> ranges = ranges(transaction, told);
        return ranges.isEmpty()
                ? told
                : told.stream()
                        .filter(row -> ranges.getOrDefault(transaction.seriesId(row.series()), List.of()).stream()
                                .noneMatch(range -> range.voids(row)))
                        .toList();
    }

    private static Map<Integer, List<Range>> ranges(Transaction transaction, List<WindowRow> told) throws SQLException {
        Map<Integer, List<Range>> ranges = new HashMap<>();
        try (PreparedStatement find = transaction.connection().prepareStatement(FIND)) {
            find.setObject(
                    1,
                    told.stream()
                            .mapToInt(row -> transaction.seriesId(row.series()))
                            .distinct()
                            .toArray());
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    ranges.computeIfAbsent(row.getInt(1), id -> new ArrayList<>())
                            .add(new Range(row.getLong(2), row.getLong(3), row.getInt(4), row.getLong(5)));
                }
            }
        }
        return ranges;
    }
}
