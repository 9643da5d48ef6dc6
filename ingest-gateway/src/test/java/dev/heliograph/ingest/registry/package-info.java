@NullMarked
package dev.heliograph.ingest.registry;

import org.jspecify.annotations.NullMarked;
