@NullMarked
package dev.heliograph.stream.device;

import org.jspecify.annotations.NullMarked;
