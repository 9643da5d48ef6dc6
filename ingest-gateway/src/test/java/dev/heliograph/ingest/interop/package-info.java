@NullMarked
package dev.heliograph.ingest.interop;

import org.jspecify.annotations.NullMarked;
