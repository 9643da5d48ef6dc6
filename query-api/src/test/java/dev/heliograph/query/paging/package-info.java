@NullMarked
package dev.heliograph.query.paging;

import org.jspecify.annotations.NullMarked;
