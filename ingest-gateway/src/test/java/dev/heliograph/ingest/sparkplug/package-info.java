@NullMarked
package dev.heliograph.ingest.sparkplug;

import org.jspecify.annotations.NullMarked;
