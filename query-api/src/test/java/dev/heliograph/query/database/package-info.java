@NullMarked
package dev.heliograph.query.database;

import org.jspecify.annotations.NullMarked;
