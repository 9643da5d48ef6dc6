@NullMarked
package dev.heliograph.ingest.intake;

import org.jspecify.annotations.NullMarked;
