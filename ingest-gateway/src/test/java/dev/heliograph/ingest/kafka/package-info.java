@NullMarked
package dev.heliograph.ingest.kafka;

import org.jspecify.annotations.NullMarked;
