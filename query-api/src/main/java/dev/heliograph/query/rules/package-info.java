/** Alert rules: kept in the store, published to the stream. */
@NullMarked
package dev.heliograph.query.rules;

import org.jspecify.annotations.NullMarked;
