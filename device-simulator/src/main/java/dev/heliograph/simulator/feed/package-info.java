/** What a device puts on the wire: messages in the order in which it sends them. */
@NullMarked
package dev.heliograph.simulator.feed;

import org.jspecify.annotations.NullMarked;
