package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.EventSink;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.PresenceEvents;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.ingest.registry.DeviceTable;
import dev.heliograph.ingest.subscription.BrokerSession;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.DeviceRecord;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.SessionRecord;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.Test;

class SparkplugSessionTest {
    // A broker's messages may hold as much as is free, so two of four leave no room for a third.
    private static final int MAX_IN_FLIGHT = 4;

    private final List<Event> events = new ArrayList<>();
    private final List<EventSink.Completion> open = new ArrayList<>();
    private final List<String> published = new ArrayList<>();
    private final List<String> receipts = new ArrayList<>();
    private final DeviceTable devices = new DeviceTable();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SparkplugSession session = session();
    private final BrokerSession.Publisher publisher = (topic, payload, qos, retain) -> {
        published.add(new String(payload, StandardCharsets.UTF_8));
        return true;
    };

    private long nowMillis = HostFixture.START;

    private SparkplugSession session() {
        InFlightBudget budget = new InFlightBudget(MAX_IN_FLIGHT, 1_000_000);
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        EventSink sink = (event, completion) -> {
            events.add(event);
            open.add(completion);
        };
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                sink,
                budget,
                new IntakeCounters(registry),
                new UnackedWatch(System::nanoTime));
        SparkplugSettings settings = TestSettings.sparkplug(
                "broker-uri=tcp://broker:1883",
                "client-id=client",
                "host-id=host",
                "groups[0].group=Plant",
                "groups[0].tenant=acme",
                "catch-up=1m");
        HostLimits limits = settings.limits();
        HostApplication host =
                new HostApplication(limits, HostRooms.of(limits), FunnelLimits.DEFAULTS, settings.tenants()::get);
        return new SparkplugSession(
                settings,
                host,
                intake,
                new Allowances(TestSettings.limits("device-messages-per-second=2", "burst=1s"), budget, () -> 0),
                new PresenceEvents(sink, clock),
                devices,
                new SparkplugCounters(registry, Transport.SUBSCRIPTION, host::nodesOnline, host::held),
                clock,
                () -> true);
    }

    private void arrive(String topic, byte[] payload) {
        RawMessage message = new RawMessage(topic, payload, null, null, 0, nowMillis * 1_000, Transport.SUBSCRIPTION);
        session.arrived(message, new BrokerSession.Receipt() {
            @Override
            public void done() {
                receipts.add("done");
            }

            @Override
            public void failed() {
                receipts.add("failed");
            }
        });
    }

    private static byte[] birth() {
        return Payloads.payload(HostFixture.START, 0, Payloads.bdSeq(1), Payloads.born("a", 1, 1));
    }

    @Test
    void givenAConnection_whenItIsMade_thenBirthAndWillOfTheHostShareTheirTime() {
        MqttConnectionOptions options = new MqttConnectionOptions();

        session.prepare(options);
        session.subscribed(publisher);

        assertThat(options.isCleanStart()).isTrue();
        assertThat(options.getSessionExpiryInterval()).isZero();
        assertThat(options.getWillDestination()).isEqualTo("spBv1.0/STATE/host");
        assertThat(options.getWillMessage().isRetained()).isTrue();
        assertThat(new String(options.getWillMessage().getPayload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"online\":false,\"timestamp\":" + HostFixture.START + "}");
        assertThat(published).containsExactly("{\"online\":true,\"timestamp\":" + HostFixture.START + "}");
        assertThat(session.filters())
                .containsExactlyInAnyOrder(
                        "spBv1.0/Plant/NBIRTH/+",
                        "spBv1.0/Plant/NDATA/+",
                        "spBv1.0/Plant/NDEATH/+",
                        "spBv1.0/Plant/DBIRTH/+/+",
                        "spBv1.0/Plant/DDATA/+/+",
                        "spBv1.0/Plant/DDEATH/+/+",
                        "spBv1.0/STATE/host");
    }

    @Test
    void givenKafkaDoesNotAnswer_whenThereIsNoRoom_thenTheHostGoesOfflineUntilThereIs() {
        session.subscribed(publisher);
        arrive("spBv1.0/Plant/NBIRTH/n1", birth());
        assertThat(session.mustLeave()).isFalse();

        arrive("spBv1.0/Plant/NBIRTH/n2", birth());
        assertThat(session.mustLeave()).isTrue();
        assertThat(session.mayConnect()).isFalse();
        session.leaving(publisher);
        session.lost();
        assertThat(published.getLast()).startsWith("{\"online\":false");
        assertThat(receipts).isEmpty();

        List.copyOf(open).forEach(completion -> completion.completed(null));

        assertThat(receipts).containsExactly("done", "done");
        assertThat(session.mayConnect()).isTrue();
        assertThat(session.mustLeave()).isFalse();
    }

    @Test
    void givenADeath_whenOneOfTheDevicesIsRegistered_thenItsPresenceIsSafeBeforeTheBrokerIsTold() {
        devices.put(new DeviceRecord(1, "acme", "n1", true, null, null, Map.of(), null, List.of(), 1, null));
        arrive("spBv1.0/Plant/NBIRTH/n1", birth());
        arrive("spBv1.0/Plant/DBIRTH/n1/x", Payloads.payload(HostFixture.START, 1, Payloads.born("a", 1, 1)));
        events.clear();
        open.clear();

        arrive("spBv1.0/Plant/NDEATH/n1", Payloads.payload(null, null, Payloads.bdSeq(1)));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.topic()).isEqualTo(Topics.DEVICE_SESSIONS);
            assertThat(SessionRecord.CODEC.decode(event.value()).event()).isEqualTo("status-offline");
        });
        assertThat(receipts).isEmpty();
        open.getFirst().completed(null);
        assertThat(receipts).containsExactly("done");
    }

    @Test
    void givenAnEdgeNodeOverItsLimit_whenTheLimitsDoNotRest_thenItsValuesAreRefusedAndItsOrderIsKept() {
        devices.put(new DeviceRecord(1, "acme", "n1", true, null, null, Map.of(), null, List.of(), 1, null));
        session.subscribed(publisher);
        for (int births = 0; births < 4; births++) {
            arriveAndAnswer("spBv1.0/Plant/NBIRTH/n1", birth());
        }
        nowMillis += 60_000;

        for (int sequence = 1; sequence <= 4; sequence++) {
            arriveAndAnswer("spBv1.0/Plant/NDATA/n1", Payloads.payload(nowMillis, sequence, Payloads.data(1, 7)));
        }

        assertThat(events.stream().map(Event::topic).filter(topic -> !topic.equals(Topics.DEVICE_SESSIONS)))
                .hasSize(8)
                .endsWith(Topics.READINGS, Topics.READINGS, Topics.QUARANTINE, Topics.QUARANTINE);
        assertThat(QuarantineRecord.CODEC.decode(events.getLast().value()).reason())
                .isEqualTo("RATE");
        assertThat(receipts).hasSize(8).containsOnly("done");
        assertThat(registry.get("heliograph.sparkplug.events")
                        .tags("event", "gap")
                        .counter()
                        .count())
                .isZero();
        assertThat(registry.get("heliograph.ingest.messages")
                        .tags("outcome", "throttled", "transport", "subscription")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private void arriveAndAnswer(String topic, byte[] payload) {
        arrive(topic, payload);
        List.copyOf(open).forEach(completion -> completion.completed(null));
        open.clear();
    }

    @Test
    void givenAFailureOfKafka_whenItIsTold_thenTheBrokerIsNotAcknowledged() {
        arrive("spBv1.0/Plant/NBIRTH/n1", birth());

        open.getFirst().completed(new IllegalStateException("too late"));

        assertThat(receipts).containsExactly("failed");
    }
}
