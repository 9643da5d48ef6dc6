@NullMarked
package dev.heliograph.query.schedule;

import org.jspecify.annotations.NullMarked;
