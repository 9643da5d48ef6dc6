/** The platform as its users meet it. */
@NullMarked
package dev.heliograph.systemtests;

import org.jspecify.annotations.NullMarked;
