/** Tells live viewers, by the topic {@code window-revisions}, what repairs and corrections changed in the store. */
@NullMarked
package dev.heliograph.writer.revise;

import org.jspecify.annotations.NullMarked;
