package dev.heliograph.simulator.mqtt;

import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.feed.ReadingJson;

/**
 * A message on its way, until its final answer.
 *
 * @param order within the connection; smaller is sent first, also when it is sent again
 * @param id unique within the run: device, sequence and a count for resends
 * @param topic to publish to
 * @param content what it says
 * @param payload its bytes
 * @param dueNanos when it was due, by {@link System#nanoTime()}
 */
public record Outgoing(long order, String id, String topic, DeviceMessage content, byte[] payload, long dueNanos)
        implements Comparable<Outgoing> {
    /** Encodes the content. */
    public static Outgoing of(long order, String device, String topic, DeviceMessage content, long dueNanos) {
        String id = device + "/" + content.sequence() + "/" + order;
        return new Outgoing(order, id, topic, content, ReadingJson.encode(content), dueNanos);
    }

    @Override
    public int compareTo(Outgoing other) {
        return Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Outgoing that && that.order == order && that.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
