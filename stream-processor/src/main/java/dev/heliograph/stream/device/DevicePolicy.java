package dev.heliograph.stream.device;

import dev.heliograph.model.presence.PresencePolicy;
import dev.heliograph.model.window.WindowPolicy;
import java.time.Duration;

/**
 * Everything by which devices are judged.
 *
 * @param windows when windows close and how much they hold
 * @param presence when a device is late or silent
 * @param presenceRefresh shortest time between two records of an unchanged presence, which carry the last-seen time; zero: none
 * @param lag when the pipeline is behind
 * @param tick time between two looks at the devices that are due
 * @param lookShare part of a stream thread's time that such looks may take, above 0 to 1; the rest is for readings
 * @param stateFormat in which the state of a device is written, {@link #OLDEST_STATE_FORMAT} to {@link #STATE_FORMAT}; all
 *     of these and older ones are read
 */
public record DevicePolicy(
        WindowPolicy windows,
        PresencePolicy presence,
        Duration presenceRefresh,
        LagPolicy lag,
        Duration tick,
        double lookShare,
        int stateFormat) {
    /** The newest format of the state of a device. */
    public static final int STATE_FORMAT = DeviceState.VERSION;
    /** The oldest that can still be written, so that the version that reads no newer one can take over again. */
    public static final int OLDEST_STATE_FORMAT = DeviceState.OLDEST_WRITTEN;

    /** The defaults of every part; a refresh every 30 s, a tick every 200 ms, half of the time for looks. */
    public static final DevicePolicy DEFAULT = new DevicePolicy(
            WindowPolicy.DEFAULT,
            PresencePolicy.DEFAULT,
            Duration.ofSeconds(30),
            LagPolicy.DEFAULT,
            Duration.ofMillis(200),
            0.5,
            STATE_FORMAT);

    /** @throws IllegalArgumentException if the format cannot be written */
    public DevicePolicy {
        if (stateFormat < OLDEST_STATE_FORMAT || stateFormat > STATE_FORMAT) {
            throw new IllegalArgumentException("the format of the state must be " + OLDEST_STATE_FORMAT + " to "
                    + STATE_FORMAT + ", was " + stateFormat);
        }
    }
}
