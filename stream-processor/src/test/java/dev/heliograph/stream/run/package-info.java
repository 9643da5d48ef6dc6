@NullMarked
package dev.heliograph.stream.run;

import org.jspecify.annotations.NullMarked;
