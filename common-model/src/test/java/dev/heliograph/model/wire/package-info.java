@NullMarked
package dev.heliograph.model.wire;

import org.jspecify.annotations.NullMarked;
