package dev.heliograph.ingest.sparkplug;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A topic taken apart: {@code spBv1.0/group/type/node} or {@code spBv1.0/group/type/node/device} (Sparkplug 3.0.0, 4.1).
 *
 * @param node group and edge node
 * @param type what the message is
 * @param device the device, null for the edge node itself
 */
record SparkplugTopic(
        NodeId node, MessageType type, @Nullable String device) {
    static final String NAMESPACE = "spBv1.0";

    private static final int NODE_LEVELS = 4;

    /** Empty where the topic is of another form, or names a device where none belongs, or none where one does. */
    static Optional<SparkplugTopic> parse(String topic) {
        String[] levels = topic.split("/", NODE_LEVELS + 2);
        if (levels.length < NODE_LEVELS || levels.length > NODE_LEVELS + 1 || !levels[0].equals(NAMESPACE)) {
            return Optional.empty();
        }
        boolean hasDevice = levels.length > NODE_LEVELS;
        for (String level : levels) {
            if (level.isEmpty()) {
                return Optional.empty();
            }
        }
        for (MessageType type : MessageType.values()) {
            if (type.name().equals(levels[2]) && type.isOfDevice() == hasDevice) {
                return Optional.of(new SparkplugTopic(
                        new NodeId(levels[1], levels[3]), type, hasDevice ? levels[NODE_LEVELS] : null));
            }
        }
        return Optional.empty();
    }
}
