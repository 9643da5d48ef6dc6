@NullMarked
package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.NullMarked;
