/** Who calls: tokens, tenants, roles; and which operation needs which role. */
@NullMarked
package dev.heliograph.query.security;

import org.jspecify.annotations.NullMarked;
