/** Starts and stops the parts in order, and tells the user about it. */
@NullMarked
package dev.heliograph.local.up;

import org.jspecify.annotations.NullMarked;
