@NullMarked
package dev.heliograph.query.devices;

import org.jspecify.annotations.NullMarked;
