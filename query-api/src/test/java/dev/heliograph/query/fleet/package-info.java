@NullMarked
package dev.heliograph.query.fleet;

import org.jspecify.annotations.NullMarked;
