package dev.heliograph.writer.plan;

/** One partition of one topic. Ordered by topic, then partition: the order in which offset rows are locked. */
public record Place(String topic, int partition) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** {@code topic-partition}, as Kafka writes it. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
