/** What every service needs of its connections to others; nothing of what goes through them. */
@NullMarked
package dev.heliograph.connections;

import org.jspecify.annotations.NullMarked;
