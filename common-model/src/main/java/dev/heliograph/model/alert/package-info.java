/**
 * Alert rules and their evaluation: pure and deterministic. {@link dev.heliograph.model.alert.DeviceAlerts} is the way in.
 */
@NullMarked
package dev.heliograph.model.alert;

import org.jspecify.annotations.NullMarked;
