package dev.heliograph.query.stream;

/** A partition of a live topic. */
record Place(StreamTopic topic, int partition) {}
