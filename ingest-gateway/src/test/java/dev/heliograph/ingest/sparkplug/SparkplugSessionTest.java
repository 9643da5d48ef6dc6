package dev.heliograph.ingest.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMappings;
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
    private final SparkplugSession session = session();
    private final BrokerSession.Publisher publisher = (topic, payload, qos, retain) -> {
        published.add(new String(payload, StandardCharsets.UTF_8));
        return true;
    };

    private SparkplugSession session() {
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(HostFixture.START));
        EventSink sink = (event, completion) -> {
            events.add(event);
            open.add(completion);
        };
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                sink,
                new InFlightBudget(MAX_IN_FLIGHT, 1_000_000),
                new IntakeCounters(registry),
                new UnackedWatch(System::nanoTime));
        SparkplugSettings settings = new SparkplugSettings(
                "tcp://broker:1883",
                null,
                null,
                "client",
                "host",
                true,
                List.of(new SparkplugSettings.Group("Plant", "acme")),
                100,
                Duration.ofSeconds(30),
                100_000,
                Duration.ofMinutes(1),
                10,
                10,
                100,
                20,
                10,
                100_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                16,
                Duration.ofSeconds(10),
                10);
        HostApplication host = new HostApplication(settings.limits(), FunnelLimits.DEFAULTS, settings.tenants());
        return new SparkplugSession(
                settings,
                host,
                intake,
                new PresenceEvents(sink, clock),
                devices,
                new SparkplugCounters(registry, host::nodesOnline, host::held),
                clock,
                () -> true);
    }

    private void arrive(String topic, byte[] payload) {
        RawMessage message =
                new RawMessage(topic, payload, null, null, 0, HostFixture.START * 1_000, Transport.SUBSCRIPTION);
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
    void givenAFailureOfKafka_whenItIsTold_thenTheBrokerIsNotAcknowledged() {
        arrive("spBv1.0/Plant/NBIRTH/n1", birth());

        open.getFirst().completed(new IllegalStateException("too late"));

        assertThat(receipts).containsExactly("failed");
    }
}
