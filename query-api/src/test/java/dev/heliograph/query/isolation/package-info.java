@NullMarked
package dev.heliograph.query.isolation;

import org.jspecify.annotations.NullMarked;
