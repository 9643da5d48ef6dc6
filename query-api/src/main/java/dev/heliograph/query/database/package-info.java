/** The pools of connections to the store, and whether it can be used. */
@NullMarked
package dev.heliograph.query.database;

import org.jspecify.annotations.NullMarked;
