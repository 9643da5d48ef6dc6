package dev.heliograph.systemtests.faults.load;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.fleet.LiveScript;
import dev.heliograph.simulator.fleet.Pacer;
import dev.heliograph.simulator.fleet.Schedule;
import dev.heliograph.simulator.fleet.Script;
import dev.heliograph.simulator.history.FileHistory;
import dev.heliograph.simulator.history.History;
import dev.heliograph.simulator.mqtt.DeviceLink;
import dev.heliograph.simulator.mqtt.FleetMeter;
import dev.heliograph.simulator.mqtt.LinkIdentity;
import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.simulator.mqtt.LinkRuntime;
import dev.heliograph.simulator.mqtt.LinkSettings;
import dev.heliograph.simulator.physics.Noise;
import dev.heliograph.systemtests.faults.plant.Waiting;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Devices that do what a fault asks for, over the simulator's own connections and with its history. */
final class ScriptedFleet implements AutoCloseable {
    private final FleetMeter meter = new FleetMeter();
    private final History history;
    private final LinkRuntime runtime;
    private final Map<String, DeviceLink> links = new TreeMap<>();
    private final Pacer pacer;

    /** What a device sends, and how often it is asked. */
    record Scripted(Duration interval, DeviceFeed feed) {}

    ScriptedFleet(
            LinkSettings settings,
            String tenant,
            Map<String, Scripted> devices,
            Map<String, Credential> keys,
            Noise noise,
            Path historyFile) {
        history = FileHistory.appendingTo(historyFile, Clock.systemUTC());
        runtime = new LinkRuntime(settings, meter, history);
        Pacer.MicroClock clock =
                new Pacer.MicroClock(Micros.of(Clock.systemUTC().instant()));
        AtomicLong order = new AtomicLong(clock.nowMicros());
        List<Script> scripts = new ArrayList<>();
        long index = 0;
        for (Map.Entry<String, Scripted> device : devices.entrySet()) {
            String name = device.getKey();
            String topics = "iot/v1/" + tenant + "/" + name + "/";
            DeviceLink link = new DeviceLink(
                    runtime,
                    new LinkIdentity(tenant + "/" + name, keys.get(name), List.of(topics + "status")),
                    noise.named("scripted").at(index++));
            links.put(name, link);
            link.start();
            scripts.add(new LiveScript(
                    name,
                    topics + "telemetry",
                    device.getValue().feed(),
                    Schedule.of(device.getValue().interval(), noise.named(name)),
                    link,
                    meter,
                    order,
                    clock.nowMicros()));
        }
        pacer = new Pacer("scripted-devices", scripts, clock);
        pacer.start();
    }

    FleetMeter meter() {
        return meter;
    }

    /** Stops sending, and waits for the last answers. */
    void finish(Duration limit) {
        pacer.close();
        try {
            pacer.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        Waiting.until(
                "scripted devices have their answers",
                limit,
                () -> links.values().stream().allMatch(link -> link.unanswered() == 0));
    }

    @Override
    public void close() {
        pacer.close();
        links.values().forEach(DeviceLink::close);
        runtime.close();
        history.close();
    }
}
