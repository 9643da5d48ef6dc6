/** History that comes late: backfill, and what is changed or taken away afterwards. */
@NullMarked
package dev.heliograph.query.history;

import org.jspecify.annotations.NullMarked;
