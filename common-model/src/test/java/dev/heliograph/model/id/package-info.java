@NullMarked
package dev.heliograph.model.id;

import org.jspecify.annotations.NullMarked;
