@NullMarked
package dev.heliograph.model.state;

import org.jspecify.annotations.NullMarked;
