package dev.heliograph.writer.plan;

/**
 * How far a batch moves one partition.
 *
 * @param place the partition
 * @param expected the offset that the store must hold now, or somebody else has written here
 * @param next the offset that it holds afterwards
 */
public record Advance(Place place, long expected, long next) {}
