@NullMarked
package dev.heliograph.query.data.calc;

import org.jspecify.annotations.NullMarked;
