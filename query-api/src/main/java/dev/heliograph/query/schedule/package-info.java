/** What is done again and again while the service runs. */
@NullMarked
package dev.heliograph.query.schedule;

import org.jspecify.annotations.NullMarked;
