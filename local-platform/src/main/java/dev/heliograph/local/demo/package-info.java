/** What a first start fills in so that there is something to see: sites, units, rules and a simulated fleet. */
@NullMarked
package dev.heliograph.local.demo;

import org.jspecify.annotations.NullMarked;
