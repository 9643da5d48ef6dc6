/** Alerts and their transitions, and acknowledging them. */
@NullMarked
package dev.heliograph.query.alerts;

import org.jspecify.annotations.NullMarked;
