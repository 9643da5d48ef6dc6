/** Benchmarks of a running platform, from outside and without its code. */
@NullMarked
package dev.heliograph.benchmarks;

import org.jspecify.annotations.NullMarked;
