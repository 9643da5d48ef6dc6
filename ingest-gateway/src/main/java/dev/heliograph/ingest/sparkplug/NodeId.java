package dev.heliograph.ingest.sparkplug;

/**
 * An edge node among those of a broker, as the topics name it.
 *
 * @param group the group id, case-sensitive
 * @param node the edge node id, case-sensitive
 */
record NodeId(String group, String node) {

    /** Where a command for the edge node goes. */
    String commandTopic() {
        return SparkplugTopic.NAMESPACE + "/" + group + "/" + MessageType.NCMD + "/" + node;
    }

    @Override
    public String toString() {
        return group + "/" + node;
    }
}
