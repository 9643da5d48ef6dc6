@NullMarked
package dev.heliograph.ingest.tls;

import org.jspecify.annotations.NullMarked;
