@NullMarked
package dev.heliograph.query.fuzz;

import org.jspecify.annotations.NullMarked;
