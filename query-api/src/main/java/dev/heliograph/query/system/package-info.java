/** How the platform itself is: services, lag, store. */
@NullMarked
package dev.heliograph.query.system;

import org.jspecify.annotations.NullMarked;
