/** Whether a device is there: pure, by the time at which its readings were received, never by its own clock. */
@NullMarked
package dev.heliograph.model.presence;

import org.jspecify.annotations.NullMarked;
