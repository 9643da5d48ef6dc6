/** What a device reports: readings and their samples. */
@NullMarked
package dev.heliograph.model.reading;

import org.jspecify.annotations.NullMarked;
