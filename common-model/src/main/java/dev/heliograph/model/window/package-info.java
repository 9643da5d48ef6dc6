/**
 * Summaries of series over fixed windows of device time: pure, deterministic, with a clock of its own for every device.
 * {@link dev.heliograph.model.window.DeviceWindows} is the way in.
 */
@NullMarked
package dev.heliograph.model.window;

import org.jspecify.annotations.NullMarked;
