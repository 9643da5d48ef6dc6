/** Tests of the schema, and the databases that other modules test against. */
@NullMarked
package dev.heliograph.storage;

import org.jspecify.annotations.NullMarked;
