package dev.heliograph.writer.plan;

import java.util.Map;

/**
 * What is known to be refused by the database, found by taking a batch apart.
 *
 * @param records whole records, with the reason in the database's words
 * @param samples samples of readings by metric name, for a batch of one reading
 */
public record Verdicts(Map<Position, String> records, Map<Position, Map<String, String>> samples) {
    /** Nothing is refused. */
    public static final Verdicts NONE = new Verdicts(Map.of(), Map.of());

    /** A record by its place and offset. */
    public record Position(Place place, long offset) {
        static Position of(TopicRecord record) {
            return new Position(record.place(), record.offset());
        }
    }

    /** The whole record is refused. */
    public static Verdicts ofRecord(TopicRecord record, String why) {
        return new Verdicts(Map.of(Position.of(record), why), Map.of());
    }

    /** Some samples of the record are refused. */
    public static Verdicts ofSamples(TopicRecord record, Map<String, String> whyByMetric) {
        return new Verdicts(Map.of(), Map.of(Position.of(record), Map.copyOf(whyByMetric)));
    }
}
