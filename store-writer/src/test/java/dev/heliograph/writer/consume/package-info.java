/** Tests of the writer. */
@NullMarked
package dev.heliograph.writer.consume;

import org.jspecify.annotations.NullMarked;
