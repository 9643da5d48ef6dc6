/** Requests that may be sent twice and take effect once. */
@NullMarked
package dev.heliograph.query.idempotency;

import org.jspecify.annotations.NullMarked;
