@NullMarked
package dev.heliograph.query.security;

import org.jspecify.annotations.NullMarked;
