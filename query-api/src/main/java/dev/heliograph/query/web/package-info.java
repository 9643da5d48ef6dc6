/** How requests become values: identifiers, numbers, JSON, query parameters. */
@NullMarked
package dev.heliograph.query.web;

import org.jspecify.annotations.NullMarked;
