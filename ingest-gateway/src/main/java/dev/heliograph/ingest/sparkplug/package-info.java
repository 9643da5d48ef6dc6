/**
 * Sparkplug B 3.0: edge nodes of a broker that somebody else runs. The pure part is {@link
 * dev.heliograph.ingest.sparkplug.HostApplication}; {@link dev.heliograph.ingest.sparkplug.SparkplugSession} carries it.
 */
@NullMarked
package dev.heliograph.ingest.sparkplug;

import org.jspecify.annotations.NullMarked;
