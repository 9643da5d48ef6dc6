@NullMarked
package dev.heliograph.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
