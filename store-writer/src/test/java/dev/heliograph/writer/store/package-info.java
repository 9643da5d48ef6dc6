/** Tests of the writer. */
@NullMarked
package dev.heliograph.writer.store;

import org.jspecify.annotations.NullMarked;
