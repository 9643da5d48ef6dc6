@NullMarked
package dev.heliograph.query.quarantine;

import org.jspecify.annotations.NullMarked;
