/** The domain of Heliograph, pure: no framework, no clock, no input or output. */
@NullMarked
package dev.heliograph.model;

import org.jspecify.annotations.NullMarked;
