/** One address for browser, API and sign-in: static files, and a reverse proxy to the services. */
@NullMarked
package dev.heliograph.local.frontdoor;

import org.jspecify.annotations.NullMarked;
