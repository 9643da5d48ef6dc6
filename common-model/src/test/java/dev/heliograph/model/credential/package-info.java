@NullMarked
package dev.heliograph.model.credential;

import org.jspecify.annotations.NullMarked;
