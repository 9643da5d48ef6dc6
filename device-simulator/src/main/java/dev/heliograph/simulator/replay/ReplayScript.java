package dev.heliograph.simulator.replay;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.fleet.Script;
import dev.heliograph.simulator.mqtt.DeviceLink;
import dev.heliograph.simulator.mqtt.FleetMeter;
import dev.heliograph.simulator.mqtt.Outgoing;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Plays the readings of one device. Nothing is given up: where the link is full, the replay waits. */
public final class ReplayScript implements Script {
    private final DeviceId device;
    private final String topic;
    private final List<Recording.Row> rows;
    private final ReplayClock clock;
    private final DeviceLink link;
    private final FleetMeter meter;
    private final AtomicLong order;
    private int next;

    ReplayScript(
            DeviceId device,
            String topic,
            List<Recording.Row> rows,
            ReplayClock clock,
            DeviceLink link,
            FleetMeter meter,
            AtomicLong order) {
        this.device = device;
        this.topic = topic;
        this.rows = rows;
        this.clock = clock;
        this.link = link;
        this.meter = meter;
        this.order = order;
    }

    /**
     * The script of one device of a recording.
     *
     * @param startMicros when the replay of all devices begins, µs since the epoch
     * @param topic of the device's telemetry
     * @param order counts the messages of the run
     */
    public static ReplayScript of(
            Recording recording,
            ReplaySettings settings,
            long startMicros,
            DeviceId device,
            String topic,
            DeviceLink link,
            FleetMeter meter,
            AtomicLong order) {
        boolean alone = settings.times() == ReplaySettings.Times.SHIFT_EACH;
        ReplayClock clock = new ReplayClock(
                startMicros,
                alone ? recording.firstMillis(device) : recording.firstMillis(),
                alone ? recording.lastMillis(device) : recording.lastMillis(),
                settings.speed(),
                settings.times(),
                settings.live());
        List<Recording.Row> rows = recording.rowsOf(device);
        return new ReplayScript(device, topic, rows, clock, link, meter, order);
    }

    @Override
    public long dueMicros() {
        return next == rows.size() ? NEVER : clock.sendMicros(rows.get(next).timeMillis());
    }

    @Override
    public boolean act(long lateNanos) {
        if (!link.hasRoom()) {
            return false;
        }
        Recording.Row row = rows.get(next);
        DeviceMessage message = DeviceMessage.fresh(next, clock.carriedMillis(row.timeMillis()), row.samples());
        meter.generated.increment();
        link.offer(Outgoing.of(order.incrementAndGet(), device.value(), topic, message, System.nanoTime() - lateNanos));
        next++;
        return true;
    }
}
