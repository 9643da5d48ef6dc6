/** A fleet that behaves like hardware: for demo, load and fault histories. */
@NullMarked
package dev.heliograph.simulator;

import org.jspecify.annotations.NullMarked;
