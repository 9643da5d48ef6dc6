/** Changes of configuration on their way to the compacted topics. */
@NullMarked
package dev.heliograph.query.outbox;

import org.jspecify.annotations.NullMarked;
