/** The registered devices and their credentials, in memory. */
@NullMarked
package dev.heliograph.ingest.registry;

import org.jspecify.annotations.NullMarked;
