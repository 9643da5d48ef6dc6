@NullMarked
package dev.heliograph.query.system;

import org.jspecify.annotations.NullMarked;
