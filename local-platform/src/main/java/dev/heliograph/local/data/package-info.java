/** The data directory: its marker, its lock, its secrets, and what is known about the platform running on it. */
@NullMarked
package dev.heliograph.local.data;

import org.jspecify.annotations.NullMarked;
