@NullMarked
package dev.heliograph.stream;

import org.jspecify.annotations.NullMarked;
