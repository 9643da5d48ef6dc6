/** Refusals as RFC 9457 problem details, each with the id of its request. */
@NullMarked
package dev.heliograph.query.problem;

import org.jspecify.annotations.NullMarked;
