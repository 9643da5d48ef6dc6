@NullMarked
package dev.heliograph.query.outbox;

import org.jspecify.annotations.NullMarked;
