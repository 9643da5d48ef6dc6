/** What the gateway says about itself: metrics, heartbeat, readiness. */
@NullMarked
package dev.heliograph.ingest.status;

import org.jspecify.annotations.NullMarked;
