/** Compact bytes for the state that the domain keeps between readings: versioned, without reflection, JDK only. */
@NullMarked
package dev.heliograph.model.state;

import org.jspecify.annotations.NullMarked;
