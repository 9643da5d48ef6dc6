@NullMarked
package dev.heliograph.ingest.load;

import org.jspecify.annotations.NullMarked;
