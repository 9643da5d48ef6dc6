package dev.heliograph.systemtests;

import java.nio.file.Path;
import java.util.Map;

/**
 * A Chromium that can be started.
 *
 * @param environment the whole environment to start it in, not only what differs from ours
 */
record BrowserLocation(Path executable, Map<String, String> environment) {
    BrowserLocation {
        environment = Map.copyOf(environment);
    }
}
