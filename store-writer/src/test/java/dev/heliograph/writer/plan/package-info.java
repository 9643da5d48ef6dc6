/** Tests of the writer. */
@NullMarked
package dev.heliograph.writer.plan;

import org.jspecify.annotations.NullMarked;
