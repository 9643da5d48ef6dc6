@NullMarked
package dev.heliograph.query.alerts;

import org.jspecify.annotations.NullMarked;
