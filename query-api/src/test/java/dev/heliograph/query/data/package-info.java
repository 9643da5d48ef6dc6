@NullMarked
package dev.heliograph.query.data;

import org.jspecify.annotations.NullMarked;
