@NullMarked
package dev.heliograph.query.rate;

import org.jspecify.annotations.NullMarked;
