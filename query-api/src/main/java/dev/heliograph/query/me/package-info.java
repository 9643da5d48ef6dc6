/** Who the caller is and what it may do. */
@NullMarked
package dev.heliograph.query.me;

import org.jspecify.annotations.NullMarked;
