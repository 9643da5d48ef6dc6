@NullMarked
package dev.heliograph.model.presence;

import org.jspecify.annotations.NullMarked;
