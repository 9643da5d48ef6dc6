/** From the bytes of the topics to events of a device; what is neither goes to the dead letters. */
@NullMarked
package dev.heliograph.stream.decode;

import org.jspecify.annotations.NullMarked;
