/** The HTTP door for devices that do not speak MQTT. */
@NullMarked
package dev.heliograph.ingest.http;

import org.jspecify.annotations.NullMarked;
