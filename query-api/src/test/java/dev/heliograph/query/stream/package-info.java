@NullMarked
package dev.heliograph.query.stream;

import org.jspecify.annotations.NullMarked;
