/** What the tests of this service share. */
@NullMarked
package dev.heliograph.query.testing;

import org.jspecify.annotations.NullMarked;
