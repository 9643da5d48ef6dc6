/** Range queries of one device: which resolution, and how stored windows and raw measurements are joined. */
@NullMarked
package dev.heliograph.query.data;

import org.jspecify.annotations.NullMarked;
