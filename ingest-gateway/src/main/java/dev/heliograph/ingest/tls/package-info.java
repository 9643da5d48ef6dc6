/** Certificates of the gateway and of devices: read from PEM files, reloaded without a restart. */
@NullMarked
package dev.heliograph.ingest.tls;

import org.jspecify.annotations.NullMarked;
