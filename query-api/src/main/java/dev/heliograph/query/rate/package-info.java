/** How many requests a user and a tenant may make, and how they are told. */
@NullMarked
package dev.heliograph.query.rate;

import org.jspecify.annotations.NullMarked;
