@NullMarked
package dev.heliograph.query.search;

import org.jspecify.annotations.NullMarked;
