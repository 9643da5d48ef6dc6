/** The language in which devices are looked for: text to terms, and terms to conditions of the store. */
@NullMarked
package dev.heliograph.query.search;

import org.jspecify.annotations.NullMarked;
