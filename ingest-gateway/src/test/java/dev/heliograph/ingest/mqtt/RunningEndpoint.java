package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.LimitSettings;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.sparkplug.EdgeNodes;
import dev.heliograph.model.credential.DeviceKeyHash;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The endpoint on real sockets of loopback, with a Kafka that holds its answers back while it is told to. */
public final class RunningEndpoint implements AutoCloseable {
    public static final String PASSWORD = "secret";

    public final DeviceTable devices = new DeviceTable();
    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    public final InFlightBudget budget = new InFlightBudget(2_000, 16 << 20);
    public final MqttEndpoint endpoint;
    private final Sink sink = new Sink();

    public RunningEndpoint(LimitSettings limits, String... settings) {
        List<String> all = new ArrayList<>(List.of("host=127.0.0.1", "port=0", "event-loop-threads=1"));
        all.addAll(Arrays.asList(settings));
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, new Admission() {
                    @Override
                    public boolean knows(DeviceKey device) {
                        return devices.isEnabled(device);
                    }

                    @Override
                    public Verdict admits(DeviceKey device, Sample sample) {
                        return Verdict.ADMITTED;
                    }
                }),
                sink,
                budget,
                new IntakeCounters(registry),
                new UnackedWatch(System::nanoTime));
        InstantSource clock = InstantSource.system();
        PresenceEvents presence = new PresenceEvents(sink, clock);
        endpoint = new MqttEndpoint(
                TestSettings.mqtt(all.toArray(String[]::new)),
                devices,
                TopicMappings.DEFAULTS,
                intake,
                presence,
                new Allowances(limits, budget, System::nanoTime),
                new EdgeNodes(
                        TestSettings.sparkplug("rebirth-interval=500ms", "hold-timeout=1s"),
                        FunnelLimits.DEFAULTS,
                        intake,
                        presence,
                        devices,
                        clock,
                        registry),
                clock,
                () -> true,
                registry);
        endpoint.start();
    }

    /** Registers a device of the tenant {@code demo} with the usual password. */
    public DeviceKey register(String device) {
        return register(device, true);
    }

    public DeviceKey register(String device, boolean enabled) {
        return register(device, enabled, Map.of());
    }

    public DeviceKey register(String device, boolean enabled, Map<String, String> labels) {
        DeviceKeyHash hash = DeviceKeyHash.of(PASSWORD, new byte[16]);
        devices.put(new DeviceRecord(
                1,
                "demo",
                device,
                enabled,
                null,
                null,
                labels,
                null,
                List.of(new DeviceRecord.Credential(hash.saltHex(), hash.hashHex())),
                1,
                null));
        return DeviceKey.of("demo", device);
    }

    /** From now on Kafka answers nothing. */
    public void hold() {
        sink.holds = true;
    }

    /** Kafka answers for all that it held back, and for what comes. */
    public void release() {
        sink.release();
    }

    public List<Event> events(String topic) {
        return sink.events.stream().filter(event -> event.topic().equals(topic)).toList();
    }

    /** What presence was told about a device. */
    public List<String> presence(DeviceKey device) {
        return events(Topics.DEVICE_SESSIONS).stream()
                .filter(event -> event.key().equals(device.toString()))
                .map(event -> SessionRecord.CODEC.decode(event.value()).event())
                .toList();
    }

    public double count(String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    public double gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    @Override
    public void close() {
        release();
        endpoint.stop();
    }

    private static final class Sink implements EventSink {
        private final Queue<Event> events = new ConcurrentLinkedQueue<>();
        private final Queue<Completion> held = new ConcurrentLinkedQueue<>();
        private volatile boolean holds;

        @Override
        public void send(Event event, Completion completion) {
            events.add(event);
            if (holds) {
                held.add(completion);
                if (!holds) {
                    release();
                }
            } else {
                completion.completed(null);
            }
        }

        private void release() {
            holds = false;
            for (Completion next = held.poll(); next != null; next = held.poll()) {
                next.completed(null);
            }
        }
    }
}
