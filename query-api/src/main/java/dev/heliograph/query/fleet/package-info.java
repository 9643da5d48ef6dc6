/** The whole fleet of a tenant at a glance, and its sites. */
@NullMarked
package dev.heliograph.query.fleet;

import org.jspecify.annotations.NullMarked;
