/** What is registered of a device, as far as presence and rules need it. */
@NullMarked
package dev.heliograph.model.device;

import org.jspecify.annotations.NullMarked;
