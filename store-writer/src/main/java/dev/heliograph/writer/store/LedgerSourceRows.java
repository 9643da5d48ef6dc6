package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.ClaimRow;
import dev.heliograph.writer.plan.Ledger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code ledger_source}: what was seen of each gateway's records is added, what the gateway claims is a total that
 * only grows.
 */
final class LedgerSourceRows {
    private static final String ADD = """
            INSERT INTO ledger_source AS s (tenant, minute, source, instance, seen, hinted, claimed, unsure, positions)
            SELECT u.tenant, timestamptz 'epoch' + u.minute * interval '1 microsecond', u.source, u.instance, u.seen,
                   u.hinted, u.claimed, u.unsure, u.positions::jsonb
            FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                        ?::text[])
                 AS u(tenant, minute, source, instance, seen, hinted, claimed, unsure, positions)
            ORDER BY u.tenant, u.minute, u.source
            ON CONFLICT (tenant, minute, source) DO UPDATE
            SET seen = s.seen + excluded.seen, hinted = GREATEST(s.hinted, excluded.hinted),
                claimed = GREATEST(s.claimed, excluded.claimed), unsure = GREATEST(s.unsure, excluded.unsure),
                positions = CASE WHEN excluded.claimed > s.claimed THEN excluded.positions ELSE s.positions END,
                instance = coalesce(excluded.instance, s.instance), changed_at = now()
            """;

    void write(Connection connection, SortedMap<Ledger.SourceLine, Ledger.SourceCounts> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        List<Ledger.SourceLine> keys = List.copyOf(lines.keySet());
        List<Ledger.SourceCounts> counts = List.copyOf(lines.values());
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setObject(1, keys.stream().map(Ledger.SourceLine::tenant).toArray(String[]::new));
            add.setObject(
                    2, keys.stream().mapToLong(Ledger.SourceLine::minuteMicros).toArray());
            add.setObject(3, keys.stream().mapToLong(Ledger.SourceLine::source).toArray());
            add.setObject(4, counts.stream().map(LedgerSourceRows::instance).toArray(String[]::new));
            add.setObject(
                    5, counts.stream().mapToLong(Ledger.SourceCounts::seen).toArray());
            add.setObject(
                    6, counts.stream().mapToLong(Ledger.SourceCounts::hinted).toArray());
            add.setObject(
                    7, counts.stream().mapToLong(LedgerSourceRows::claimed).toArray());
            add.setObject(8, counts.stream().mapToLong(LedgerSourceRows::unsure).toArray());
            add.setObject(9, counts.stream().map(LedgerSourceRows::positions).toArray(String[]::new));
            add.executeUpdate();
        }
    }

    private static @Nullable String instance(Ledger.SourceCounts counts) {
        ClaimRow claim = counts.claim();
        return claim == null ? null : claim.instance();
    }

    private static long claimed(Ledger.SourceCounts counts) {
        ClaimRow claim = counts.claim();
        return claim == null ? 0 : claim.acknowledged();
    }

    private static long unsure(Ledger.SourceCounts counts) {
        ClaimRow claim = counts.claim();
        return claim == null ? 0 : claim.unsure();
    }

    /** The offsets as JSON; names that are no {@code topic-partition} were written by nobody who is to be believed. */
    private static String positions(Ledger.SourceCounts counts) {
        ClaimRow claim = counts.claim();
        Map<String, Long> offsets = claim == null ? Map.of() : claim.offsets();
        return offsets.entrySet().stream()
                .filter(offset -> offset.getKey().matches("[a-z-]+-[0-9]+"))
                .map(offset -> '"' + offset.getKey() + "\":" + offset.getValue())
                .sorted()
                .collect(Collectors.joining(",", "{", "}"));
    }
}
