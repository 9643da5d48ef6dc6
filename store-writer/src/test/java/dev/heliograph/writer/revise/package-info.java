@NullMarked
package dev.heliograph.writer.revise;

import org.jspecify.annotations.NullMarked;
