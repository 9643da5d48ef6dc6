/** Holds the images, the Compose file, the chart, the manifests and the monitoring to what their documents promise. */
@NullMarked
package dev.heliograph.deploy;

import org.jspecify.annotations.NullMarked;
