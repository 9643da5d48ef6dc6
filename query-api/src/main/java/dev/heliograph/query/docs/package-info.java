/** The description of the interface: OpenAPI, and a page that shows it. */
@NullMarked
package dev.heliograph.query.docs;

import org.jspecify.annotations.NullMarked;
