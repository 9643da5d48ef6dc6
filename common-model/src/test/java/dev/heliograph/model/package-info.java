@NullMarked
package dev.heliograph.model;

import org.jspecify.annotations.NullMarked;
