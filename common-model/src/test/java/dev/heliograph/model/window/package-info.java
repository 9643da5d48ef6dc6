@NullMarked
package dev.heliograph.model.window;

import org.jspecify.annotations.NullMarked;
