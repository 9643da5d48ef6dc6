@NullMarked
package dev.heliograph.ingest;

import org.jspecify.annotations.NullMarked;
