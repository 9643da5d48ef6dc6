package dev.heliograph.simulator.fault;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.HealthyFeed;
import dev.heliograph.simulator.physics.DeviceModel;
import dev.heliograph.simulator.physics.Noise;

/** Puts the faults of a profile around a device: first what it measures, then what it sends. */
public final class Faults {
    private Faults() {}

    /**
     * The device with all faults of the profile.
     *
     * @param noise of this device alone; each fault derives its own from it
     */
    public static DeviceFeed around(DeviceModel model, FaultProfile profile, Noise noise) {
        DeviceModel measured = new DriftingModel(model, new Episodes(profile.drift(), noise.named("drift")));
        measured = new StuckModel(measured, new Episodes(profile.stuck(), noise.named("stuck")));
        measured = new SpikyModel(measured, profile.spikeProbability(), noise.named("spikes"));
        DeviceFeed sent = new HealthyFeed(measured);
        sent = new WrongClockFeed(
                sent,
                new Episodes(profile.wrongClock(), noise.named("clock")),
                profile.clockErrorLimit(),
                noise.named("clock-error"));
        sent = new SilentFeed(sent, new Episodes(profile.silence(), noise.named("silence")));
        sent = new OutageFeed(sent, new Episodes(profile.outage(), noise.named("outage")), profile.bufferLimit());
        sent = new ResendingFeed(sent, profile.resendProbability(), noise.named("resends"));
        return new MalformingFeed(sent, profile.malformedProbability(), noise.named("malformed"));
    }
}
