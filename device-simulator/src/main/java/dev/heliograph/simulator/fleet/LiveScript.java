package dev.heliograph.simulator.fleet;

import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.mqtt.DeviceLink;
import dev.heliograph.simulator.mqtt.FleetMeter;
import dev.heliograph.simulator.mqtt.Outgoing;
import java.util.concurrent.atomic.AtomicLong;

/** A device that measures and sends on its schedule, whether the network keeps up or not. */
public final class LiveScript implements Script {
    private final String device;
    private final String topic;
    private final DeviceFeed feed;
    private final Schedule schedule;
    private final DeviceLink link;
    private final FleetMeter meter;
    private final AtomicLong order;
    private long dueMicros;

    /**
     * A device from an instant on.
     *
     * @param topic of its telemetry
     * @param order counts the messages of the run
     * @param fromMicros the first reading is due at or after this instant
     */
    public LiveScript(
            String device,
            String topic,
            DeviceFeed feed,
            Schedule schedule,
            DeviceLink link,
            FleetMeter meter,
            AtomicLong order,
            long fromMicros) {
        this.device = device;
        this.topic = topic;
        this.feed = feed;
        this.schedule = schedule;
        this.link = link;
        this.meter = meter;
        this.order = order;
        this.dueMicros = schedule.firstDueMicros(fromMicros);
    }

    @Override
    public long dueMicros() {
        return dueMicros;
    }

    @Override
    public boolean act(long lateNanos) {
        long dueNanos = System.nanoTime() - lateNanos;
        meter.recordLag(lateNanos);
        for (DeviceMessage message : feed.due(dueMicros / 1_000)) {
            meter.generated.increment();
            link.offer(Outgoing.of(order.incrementAndGet(), device, topic, message, dueNanos));
        }
        dueMicros = schedule.next(dueMicros);
        return true;
    }
}
