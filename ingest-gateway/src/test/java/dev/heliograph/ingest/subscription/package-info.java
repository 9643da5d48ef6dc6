@NullMarked
package dev.heliograph.ingest.subscription;

import org.jspecify.annotations.NullMarked;
