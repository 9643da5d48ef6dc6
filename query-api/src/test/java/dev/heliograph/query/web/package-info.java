@NullMarked
package dev.heliograph.query.web;

import org.jspecify.annotations.NullMarked;
