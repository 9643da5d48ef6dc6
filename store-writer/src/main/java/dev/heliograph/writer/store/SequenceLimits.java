package dev.heliograph.writer.store;

/**
 * What is kept of the gaps in the sequence numbers of a device.
 *
 * @param longestGap most numbers that a gap may have; a longer leap is a counter that was set
 * @param gapsPerDevice most gaps that are remembered of a device
 */
public record SequenceLimits(long longestGap, int gapsPerDevice) {
    /** Gaps of up to 10,000 numbers, the newest 50. */
    public static final SequenceLimits DEFAULT = new SequenceLimits(10_000, 50);
}
