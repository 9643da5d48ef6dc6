@NullMarked
package dev.heliograph.query;

import org.jspecify.annotations.NullMarked;
