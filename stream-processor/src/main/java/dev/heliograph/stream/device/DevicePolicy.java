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
 */
public record DevicePolicy(
        WindowPolicy windows,
        PresencePolicy presence,
        Duration presenceRefresh,
        LagPolicy lag,
        Duration tick,
        double lookShare) {
    /** The defaults of every part; a refresh every 30 s, a tick every 200 ms, half of the time for looks. */
    public static final DevicePolicy DEFAULT = new DevicePolicy(
            WindowPolicy.DEFAULT,
            PresencePolicy.DEFAULT,
            Duration.ofSeconds(30),
            LagPolicy.DEFAULT,
            Duration.ofMillis(200),
            0.5);
}
