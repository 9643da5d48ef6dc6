@NullMarked
package dev.heliograph.model.alert;

import org.jspecify.annotations.NullMarked;
