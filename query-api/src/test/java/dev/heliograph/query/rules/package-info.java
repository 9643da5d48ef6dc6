@NullMarked
package dev.heliograph.query.rules;

import org.jspecify.annotations.NullMarked;
