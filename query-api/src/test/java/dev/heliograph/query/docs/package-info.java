@NullMarked
package dev.heliograph.query.docs;

import org.jspecify.annotations.NullMarked;
