/** The REST and live interface of the platform. */
@NullMarked
package dev.heliograph.query;

import org.jspecify.annotations.NullMarked;
