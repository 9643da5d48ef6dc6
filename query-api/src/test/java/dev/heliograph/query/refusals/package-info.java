@NullMarked
package dev.heliograph.query.refusals;

import org.jspecify.annotations.NullMarked;
