package dev.heliograph.writer.store;

import dev.heliograph.writer.plan.Advance;
import dev.heliograph.writer.plan.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;

/** The table {@code consumer_offset}: where the writer stands, and the fence against a writer of the past. */
final class OffsetRows {
    private static final String ADD = """
            INSERT INTO consumer_offset (consumer, topic, partition, next_offset)
            SELECT ?, u.topic, u.partition, 0
            FROM unnest(?::text[], ?::int[]) AS u(topic, partition)
            ON CONFLICT DO NOTHING
            """;
    private static final String FIND = """
            SELECT c.topic, c.partition, c.next_offset
            FROM unnest(?::text[], ?::int[]) AS u(topic, partition)
            JOIN consumer_offset c ON c.consumer = ? AND c.topic = u.topic AND c.partition = u.partition
            """;
    // Locked in the order of their keys: two writers that meet wait for one another instead of deadlocking.
    private static final String LOCK = """
            SELECT c.topic, c.partition, c.next_offset
            FROM consumer_offset c
            WHERE c.consumer = ? AND (c.topic, c.partition) IN
                  (SELECT u.topic, u.partition FROM unnest(?::text[], ?::int[]) AS u(topic, partition))
            ORDER BY c.topic, c.partition
            FOR UPDATE
            """;
    private static final String ADVANCE = """
            UPDATE consumer_offset c SET next_offset = u.next
            FROM unnest(?::text[], ?::int[], ?::bigint[]) AS u(topic, partition, next)
            WHERE c.consumer = ? AND c.topic = u.topic AND c.partition = u.partition
            """;

    private static final String KNOWN_AS = """
            SELECT topic, partition, next_offset, topic_id
            FROM consumer_offset
            WHERE consumer = ? AND topic = ANY (?::text[])
            ORDER BY topic, partition
            """;
    private static final String NAME = """
            UPDATE consumer_offset c
            SET topic_id = u.id, next_offset = CASE WHEN c.topic_id <> u.id THEN 0 ELSE c.next_offset END
            FROM unnest(?::text[], ?::uuid[]) AS u(topic, id)
            WHERE c.consumer = ? AND c.topic = u.topic AND c.topic_id IS DISTINCT FROM u.id
            """;

    private final String consumer;

    OffsetRows(String consumer) {
        this.consumer = consumer;
    }

    Map<Place, Long> positions(Connection connection, Collection<Place> places) throws SQLException {
        List<Place> sorted = List.copyOf(new TreeSet<>(places));
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            add.setString(1, consumer);
            bindPlaces(add, 2, sorted);
            add.executeUpdate();
        }
        try (PreparedStatement find = connection.prepareStatement(FIND)) {
            bindPlaces(find, 1, sorted);
            find.setString(3, consumer);
            return read(find);
        }
    }

    /** Takes the rows of the plan's partitions for this transaction and moves them. */
    void advance(Connection connection, List<Advance> advances) throws SQLException, StoreFailure.Fenced {
        if (advances.isEmpty()) {
            return;
        }
        List<Place> places = advances.stream().map(Advance::place).toList();
        Map<Place, Long> stored;
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, consumer);
            bindPlaces(lock, 2, places);
            stored = read(lock);
        }
        for (Advance advance : advances) {
            Long now = stored.get(advance.place());
            if (now == null || now != advance.expected()) {
                throw new StoreFailure.Fenced(
                        advance.place() + " stands at " + now + " in the store, expected " + advance.expected());
            }
        }
        try (PreparedStatement move = connection.prepareStatement(ADVANCE)) {
            bindPlaces(move, 1, places);
            move.setObject(3, advances.stream().mapToLong(Advance::next).toArray());
            move.setString(4, consumer);
            move.executeUpdate();
        }
    }

    /**
     * Notes which topics the positions are in, in one transaction.
     *
     * @return the positions in topics of other ids, which begin anew at 0 now
     */
    Map<Place, Long> name(Connection connection, Map<String, UUID> topicIds) throws SQLException {
        if (!isOtherwise(connection, topicIds, KNOWN_AS, new HashMap<>())) {
            return Map.of();
        }
        Map<Place, Long> givenUp = new HashMap<>();
        isOtherwise(connection, topicIds, KNOWN_AS + " FOR UPDATE", givenUp);
        List<String> topics = List.copyOf(topicIds.keySet());
        try (PreparedStatement name = connection.prepareStatement(NAME)) {
            name.setObject(1, topics.toArray(String[]::new));
            name.setObject(2, topics.stream().map(topicIds::get).toArray(UUID[]::new));
            name.setString(3, consumer);
            name.executeUpdate();
        }
        return givenUp;
    }

    /** Whether a position is in a topic of another id, or of none that is known; collects those of another. */
    private boolean isOtherwise(
            Connection connection, Map<String, UUID> topicIds, String query, Map<Place, Long> ofOthers)
            throws SQLException {
        boolean otherwise = false;
        try (PreparedStatement find = connection.prepareStatement(query)) {
            find.setString(1, consumer);
            find.setObject(2, topicIds.keySet().toArray(String[]::new));
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    UUID known = row.getObject(4, UUID.class);
                    UUID now = Objects.requireNonNull(topicIds.get(row.getString(1)));
                    otherwise |= !now.equals(known);
                    if (known != null && !now.equals(known)) {
                        ofOthers.put(new Place(row.getString(1), row.getInt(2)), row.getLong(3));
                    }
                }
            }
        }
        return otherwise;
    }

    private static void bindPlaces(PreparedStatement statement, int first, List<Place> places) throws SQLException {
        statement.setObject(first, places.stream().map(Place::topic).toArray(String[]::new));
        statement.setObject(
                first + 1, places.stream().mapToInt(Place::partition).toArray());
    }

    private static Map<Place, Long> read(PreparedStatement query) throws SQLException {
        Map<Place, Long> offsets = new HashMap<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                offsets.put(new Place(row.getString(1), row.getInt(2)), row.getLong(3));
            }
        }
        return offsets;
    }
}
