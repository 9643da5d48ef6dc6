@NullMarked
package dev.heliograph.ingest.it;

import org.jspecify.annotations.NullMarked;
