/** The development identity provider: OpenID Connect for the dashboard, client credentials for scripts. */
@NullMarked
package dev.heliograph.local.identity;

import org.jspecify.annotations.NullMarked;
