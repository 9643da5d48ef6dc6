/** What the live stream costs with many readers. */
@NullMarked
package dev.heliograph.query.stream.load;

import org.jspecify.annotations.NullMarked;
