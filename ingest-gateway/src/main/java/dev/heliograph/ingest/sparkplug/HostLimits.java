package dev.heliograph.ingest.sparkplug;

import java.time.Duration;

/**
 * The bounds of a host application.
 *
 * @param maxNodes most edge nodes that are known at once
 * @param maxDevicesPerNode most devices of one edge node
 * @param maxDefinitions most metrics defined by births, over all edge nodes
 * @param maxMetrics most metrics of one message
 * @param maxHeldMessages most messages that wait for a birth, over all edge nodes
 * @param maxHeldBytes most bytes of these
 * @param holdTimeout how long a message waits for a birth, and an edge node may take to answer when asked for one
 * @param reorderTimeout how long a missing sequence number may be late before births are asked for
 * @param maxGap most missing sequence numbers after which the definitions of the last birth are still believed
 * @param rebirthInterval least time between two requests to one edge node; doubled up to 32 times while it does not answer
 * @param rebirthsPerSecond most requests a second, over all edge nodes
 */
record HostLimits(
        int maxNodes,
        int maxDevicesPerNode,
        int maxDefinitions,
        int maxMetrics,
        int maxHeldMessages,
        long maxHeldBytes,
        Duration holdTimeout,
        Duration reorderTimeout,
        int maxGap,
        Duration rebirthInterval,
        int rebirthsPerSecond) {}
