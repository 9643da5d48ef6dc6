package dev.heliograph.writer.store;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.sequence.SequenceGap;
import dev.heliograph.model.sequence.SequenceTrack;
import dev.heliograph.writer.plan.SequenceSteps;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table {@code device_sequence}: one look-up and one write a batch, whatever the number of devices. */
final class SequenceRows {
    private static final int GAP_FIELDS = 5;
    private static final String FIND = """
            SELECT s.tenant, s.device, s.run, s.highest, (extract(epoch FROM s.highest_ts) * 1000000)::bigint,
                   (extract(epoch FROM s.run_since) * 1000000)::bigint, s.missing, s.filled, s.resets, s.jumps, s.gaps
            FROM unnest(?::text[], ?::text[]) AS u(tenant, device)
            JOIN device_sequence s ON s.tenant = u.tenant AND s.device = u.device
            """;
    private static final String PUT = """
            INSERT INTO device_sequence (tenant, device, run, highest, highest_ts, run_since, missing, filled, resets, jumps,
                                         gaps)
            SELECT u.tenant, u.device, u.run, u.highest, timestamptz 'epoch' + u.highest_ts * interval '1 microsecond',
                   timestamptz 'epoch' + u.run_since * interval '1 microsecond', u.missing, u.filled, u.resets, u.jumps,
                   u.gaps::bigint[]
            FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                        ?::bigint[], ?::bigint[], ?::text[])
                 AS u(tenant, device, run, highest, highest_ts, run_since, missing, filled, resets, jumps, gaps)
            ORDER BY u.tenant, u.device
            ON CONFLICT (tenant, device) DO UPDATE
            SET run = excluded.run, highest = excluded.highest, highest_ts = excluded.highest_ts,
                run_since = excluded.run_since, missing = excluded.missing, filled = excluded.filled,
                resets = excluded.resets, jumps = excluded.jumps, gaps = excluded.gaps
            """;

    private final SequenceLimits limits;

    SequenceRows(SequenceLimits limits) {
        this.limits = limits;
    }

    void write(Transaction transaction) throws SQLException {
        List<SequenceSteps> all = transaction.plan().sequences();
        if (all.isEmpty()) {
            return;
        }
        Map<DeviceKey, SequenceTrack.State> known = find(transaction.connection(), all);
        List<SequenceTrack.State> states = new ArrayList<>(all.size());
        for (SequenceSteps steps : all) {
            SequenceTrack.State before = known.getOrDefault(steps.device(), SequenceTrack.State.NEW);
            SequenceTrack track = new SequenceTrack(before, limits.longestGap(), limits.gapsPerDevice());
            for (int at = 0; at < steps.size(); at++) {
                track.see(steps.number(at), steps.time(at));
            }
            SequenceTrack.State after = track.state();
            states.add(after);
            transaction.skipped(Skipped.between(before, after));
        }
        put(transaction.connection(), all, states);
    }

    private static Map<DeviceKey, SequenceTrack.State> find(Connection connection, List<SequenceSteps> all)
            throws SQLException {
        Map<DeviceKey, SequenceTrack.State> known = new HashMap<>();
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            bindDevices(find, all);
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    known.put(
                            DeviceKey.of(row.getString(1), row.getString(2)),
                            new SequenceTrack.State(
                                    row.getLong(3),
                                    row.getLong(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getLong(7),
                                    row.getLong(8),
                                    row.getLong(9),
                                    row.getLong(10),
                                    gaps(row.getArray(11))));
                }
            }
        }
        return known;
    }

    private static List<SequenceGap> gaps(Array stored) throws SQLException {
        Long[] fields = (Long[]) stored.getArray();
        List<SequenceGap> gaps = new ArrayList<>(fields.length / GAP_FIELDS);
        for (int at = 0; at + GAP_FIELDS <= fields.length; at += GAP_FIELDS) {
            gaps.add(new SequenceGap(fields[at], fields[at + 1], fields[at + 2], fields[at + 3], fields[at + 4]));
        }
        return gaps;
    }

    private static void put(Connection connection, List<SequenceSteps> all, List<SequenceTrack.State> states)
            throws SQLException {
        try (PreparedStatement put = connection.prepareStatement(PUT)) {
            bindDevices(put, all);
            put.setObject(3, states.stream().mapToLong(SequenceTrack.State::run).toArray());
            put.setObject(
                    4, states.stream().mapToLong(SequenceTrack.State::highest).toArray());
            put.setObject(
                    5,
                    states.stream()
                            .mapToLong(SequenceTrack.State::highestMicros)
                            .toArray());
            put.setObject(
                    6,
                    states.stream()
                            .mapToLong(SequenceTrack.State::runSinceMicros)
                            .toArray());
            put.setObject(
                    7, states.stream().mapToLong(SequenceTrack.State::missing).toArray());
            put.setObject(
                    8, states.stream().mapToLong(SequenceTrack.State::filled).toArray());
            put.setObject(
                    9, states.stream().mapToLong(SequenceTrack.State::resets).toArray());
            put.setObject(
                    10, states.stream().mapToLong(SequenceTrack.State::jumps).toArray());
            put.setObject(11, states.stream().map(SequenceRows::text).toArray(String[]::new));
            put.executeUpdate();
        }
    }

    private static String text(SequenceTrack.State state) {
        return state.gaps().stream()
                .map(gap -> gap.run() + "," + gap.from() + "," + gap.to() + "," + gap.afterMicros() + ","
                        + gap.beforeMicros())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static void bindDevices(PreparedStatement statement, List<SequenceSteps> all) throws SQLException {
        statement.setObject(
                1, all.stream().map(steps -> steps.device().tenant().value()).toArray(String[]::new));
        statement.setObject(
                2, all.stream().map(steps -> steps.device().device().value()).toArray(String[]::new));
    }
}
