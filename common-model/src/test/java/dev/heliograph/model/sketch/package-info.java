@NullMarked
package dev.heliograph.model.sketch;

import org.jspecify.annotations.NullMarked;
