/** The commands that a user types. */
@NullMarked
package dev.heliograph.local.cli;

import org.jspecify.annotations.NullMarked;
