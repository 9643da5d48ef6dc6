/** The database contract: migrations, and TimescaleDB's hypertables where it is installed. */
@NullMarked
package dev.heliograph.storage;

import org.jspecify.annotations.NullMarked;
