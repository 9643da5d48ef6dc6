/** Who changed what, kept in the store. */
@NullMarked
package dev.heliograph.query.audit;

import org.jspecify.annotations.NullMarked;
