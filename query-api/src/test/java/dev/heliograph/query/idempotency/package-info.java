@NullMarked
package dev.heliograph.query.idempotency;

import org.jspecify.annotations.NullMarked;
