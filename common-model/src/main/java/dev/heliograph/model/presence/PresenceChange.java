package dev.heliograph.model.presence;

import org.jspecify.annotations.Nullable;

/**
 * A state that a device entered.
 *
 * @param state the state
 * @param previous the state before
 * @param atMicros when it began, µs since the epoch: what made it so, not when it was noticed
 */
public record PresenceChange(PresenceState state, @Nullable PresenceState previous, long atMicros) {}
