@NullMarked
package dev.heliograph.model.sequence;

import org.jspecify.annotations.NullMarked;
