@NullMarked
package dev.heliograph.query.history;

import org.jspecify.annotations.NullMarked;
