package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.ReadingCodec;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Edge nodes of the gateway's own endpoint without a network, with a clock that the test moves. */
final class EdgeNodesFixture {
    static final DeviceKey LINE = DeviceKey.of("acme", "line-1");
    static final DeviceKey PUMP = DeviceKey.of("acme", "line-1_pump");

    final DeviceTable devices = new DeviceTable();
    final List<Event> events = new ArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final EdgeNodes nodes;
    private final Allowances allowances;
    private final List<Wire> wires = new ArrayList<>();
    long nowMillis = HostFixture.START;

    EdgeNodesFixture(String... settings) {
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        InFlightBudget budget = new InFlightBudget(10_000, 1 << 30);
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
                (event, completion) -> {
                    events.add(event);
                    completion.completed(null);
                },
                budget,
                new IntakeCounters(registry),
                new UnackedWatch(System::nanoTime));
        allowances = new Allowances(TestSettings.noLimits(), budget, () -> 0);
        nodes = new EdgeNodes(
                TestSettings.sparkplug(settings),
                FunnelLimits.DEFAULTS,
                intake,
                new PresenceEvents((event, completion) -> events.add(event), clock),
                devices,
                clock,
                registry);
        register(LINE, Map.of());
        register(PUMP, Map.of("gateway", "line-1"));
    }

    void register(DeviceKey device, Map<String, String> labels) {
        devices.put(new DeviceRecord(
                1,
                device.tenant().value(),
                device.device().value(),
                true,
                null,
                null,
                labels,
                null,
                List.of(),
                1,
                null));
    }

    Wire connect() {
        return connect(LINE);
    }

    Wire connect(DeviceKey device) {
        Wire wire = new Wire(device);
        wires.add(wire);
        return wire;
    }

    /** Lets half a second pass so many times. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 500) {
            nowMillis += 500;
            List.copyOf(wires).forEach(Wire::runDue);
        }
    }

    /** Every sample so far as {@code device metric=value}. */
    List<String> samples() {
        return of(Topics.READINGS).stream()
                .map(event -> ReadingCodec.decode(event.value()))
                .flatMap(EdgeNodesFixture::named)
                .toList();
    }

    private static java.util.stream.Stream<String> named(Reading reading) {
        return reading.samples().stream()
                .map(sample -> reading.device().device() + " " + sample.metric() + "=" + HostFixture.value(sample));
    }

    /** Every refusal so far as {@code tenant/device reason}. */
    List<String> refused() {
        return of(Topics.QUARANTINE).stream()
                .map(event -> QuarantineRecord.CODEC.decode(event.value()))
                .map(kept -> kept.tenant() + "/" + kept.device() + " " + kept.reason())
                .toList();
    }

    /** Everything said of who is there. */
    List<SessionRecord> sessions() {
        return of(Topics.DEVICE_SESSIONS).stream()
                .map(event -> SessionRecord.CODEC.decode(event.value()))
                .toList();
    }

    /** Everything said of who is there, as {@code device event cause}. */
    List<String> comings() {
        return sessions().stream()
                .map(said -> said.device() + " " + said.event().replace("status-", "") + " " + said.reason())
                .toList();
    }

    List<Event> of(String topic) {
        return events.stream().filter(event -> event.topic().equals(topic)).toList();
    }

    double count(String event) {
        return registry.get("heliograph.sparkplug.events")
                .tags("event", event, "transport", "mqtt")
                .counter()
                .count();
    }

    /** One connection: the edge node {@code Plant/Line 1} with a device {@code pump}, unless the test says otherwise. */
    final class Wire implements EdgeNodes.Line {
        final List<String> heard = new ArrayList<>();
        final List<String> answered = new ArrayList<>();
        final EdgeNodeLink link;
        private final DeviceKey device;
        private final List<Runnable> due = new ArrayList<>();
        boolean isTakenOver;

        Wire(DeviceKey device) {
            this.device = device;
            this.link = nodes.link(device, nowMillis * 1_000, allowances.of(device), 100, this);
        }

        boolean send(String type, byte[] payload) {
            return sendTo("spBv1.0/Plant/" + type + "/Line 1" + (type.startsWith("D") ? "/pump" : ""), payload);
        }

        boolean sendTo(String topic, byte[] payload) {
            if (!link.mayPublish(topic)) {
                return false;
            }
            link.arrived(message(topic, payload), (outcome, failure) -> answered.add(outcome.isClean() ? "ok" : "no"));
            return true;
        }

        void die(int bdSeq) {
            link.died(message("spBv1.0/Plant/NDEATH/Line 1", Payloads.payload(nowMillis, null, Payloads.bdSeq(bdSeq))));
        }

        private RawMessage message(String topic, byte[] payload) {
            return new RawMessage(topic, payload, device, null, 0, nowMillis * 1_000, Transport.MQTT);
        }

        void nodeBirth(int bdSeq) {
            send("NBIRTH", Payloads.payload(nowMillis, 0, Payloads.bdSeq(bdSeq), Payloads.born("Inputs/A", 1, 1.5)));
        }

        void deviceBirth(int sequence) {
            send("DBIRTH", Payloads.payload(nowMillis, sequence, Payloads.born("flow", 2, 2.5)));
        }

        void runDue() {
            List<Runnable> tasks = List.copyOf(due);
            due.clear();
            tasks.forEach(Runnable::run);
        }

        @Override
        public void publish(String topic, byte[] payload) {
            heard.add(topic.contains("/STATE/") ? new String(payload, StandardCharsets.UTF_8) : topic);
        }

        @Override
        public void takenOver() {
            isTakenOver = true;
        }

        @Override
        public void later(Runnable task, Duration delay) {
            due.add(task);
        }
    }
}
