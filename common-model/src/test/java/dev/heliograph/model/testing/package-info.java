/** What the tests of several modules share. */
@NullMarked
package dev.heliograph.model.testing;

import org.jspecify.annotations.NullMarked;
