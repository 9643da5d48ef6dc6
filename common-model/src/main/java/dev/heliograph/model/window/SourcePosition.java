package dev.heliograph.model.window;

/**
 * Where in the log a reading stands.
 *
 * @param partition of the log
 * @param offset within the partition
 */
public record SourcePosition(int partition, long offset) {}
