/** Names of things: tenant, device, metric, series. Text becomes one of these once, at the door. */
@NullMarked
package dev.heliograph.model.id;

import org.jspecify.annotations.NullMarked;
