/**
 * The live stream: Kafka to server-sent events. One feed a process reads the topics, the hub turns what came within a tick
 * into frames, once for each distinct subscription, and hands the same bytes to every connection that has it.
 */
@NullMarked
package dev.heliograph.query.stream;

import org.jspecify.annotations.NullMarked;
