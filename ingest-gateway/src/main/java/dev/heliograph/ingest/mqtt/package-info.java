/** The MQTT endpoint that devices connect to. */
@NullMarked
package dev.heliograph.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
