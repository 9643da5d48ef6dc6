/** Tests of the writer. */
@NullMarked
package dev.heliograph.writer;

import org.jspecify.annotations.NullMarked;
