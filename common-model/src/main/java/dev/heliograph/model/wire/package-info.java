/**
 * The formats of the Kafka topics. Every value is a JSON object with a version {@code v}; unknown fields are
 * ignored and an unknown version is refused, so that a newer writer never has its meaning guessed at.
 */
@NullMarked
package dev.heliograph.model.wire;

import org.jspecify.annotations.NullMarked;
