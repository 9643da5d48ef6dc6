package dev.heliograph.ingest.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.TestSettings;
import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.Gateways;
import dev.heliograph.ingest.funnel.MappingOptions;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.TopicMapping;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.ingest.intake.Allowances;
import dev.heliograph.ingest.intake.Event;
import dev.heliograph.ingest.intake.InFlightBudget;
import dev.heliograph.ingest.intake.Intake;
import dev.heliograph.ingest.intake.IntakeCounters;
import dev.heliograph.ingest.intake.UnackedWatch;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.id.TenantId;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The limits of senders that reach the gateway by somebody's broker, in virtual time. */
class TelemetrySessionTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final DeviceKey HOT = DeviceKey.of("demo", "hot");
    private static final DeviceKey CALM = DeviceKey.of("demo", "calm");
    private static final TenantId PLANT = TenantId.parse("plant").orElseThrow();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Event> events = new ArrayList<>();
    private long now = 1_000;
    private int done;
    private int failed;

    @Test
    void givenADeviceOverItsRate_whenOthersSendBesideIt_thenItsExcessIsInTheQuarantineAndAllIsAcknowledged() {
        TelemetrySession session = session("device-messages-per-second=10", "burst=1s");

        // For a minute: 100 messages a second of one device, one a second of another.
        for (int i = 0; i < 6_000; i++) {
            now += SECOND / 100;
            session.arrived(from(HOT, i), receipt(false));
            if (i % 100 == 0) {
                session.arrived(from(CALM, i), receipt(false));
            }
        }

        assertThat(readingsOf(HOT)).isBetween(600L, 621L);
        assertThat(readingsOf(CALM)).isEqualTo(60);
        assertThat(done).isEqualTo(6_060);
        List<QuarantineRecord> refused = quarantine();
        assertThat(refused).hasSize((int) (6_000 - readingsOf(HOT))).allSatisfy(record -> {
            assertThat(record.reason()).isEqualTo("RATE");
            assertThat(record.tenant()).isEqualTo("demo");
            assertThat(record.device()).isEqualTo("hot");
            assertThat(record.transport()).isEqualTo("subscription");
            assertThat(record.detail()).isEqualTo("over the limit of 10 messages per second of the device");
        });
        assertThat(registry.get("heliograph.ingest.messages")
                        .tags("outcome", "throttled", "transport", "subscription")
                        .counter()
                        .count())
                .isEqualTo(refused.size());
        assertThat(registry.get("heliograph.ingest.throttled")
                        .tags("scope", "device", "quantity", "messages")
                        .counter()
                        .count())
                .isEqualTo(refused.size());
    }

    @Test
    void givenWhatTheBrokerHadKept_whenItComesAtOnce_thenNothingOfItIsRefusedOrCounted() {
        TelemetrySession session = session("device-messages-per-second=10", "burst=1s");

        for (int i = 0; i < 36_000; i++) {
            session.arrived(from(HOT, i), receipt(true));
        }
        session.arrived(from(HOT, 36_000), receipt(false));

        assertThat(readingsOf(HOT)).isEqualTo(36_001);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    void givenATenantOverItsRate_whenItsDevicesSend_thenTheTenantIsNamedAndOtherTenantsAreNot() {
        TelemetrySession session = session("tenant-messages-per-second=20", "burst=1s");
        DeviceKey other = DeviceKey.of("other", "calm");

        for (int i = 0; i < 600; i++) {
            now += SECOND / 100;
            session.arrived(from(i % 2 == 0 ? HOT : CALM, i), receipt(false));
            if (i % 10 == 0) {
                session.arrived(from(other, i), receipt(false));
            }
        }

        assertThat(readingsOf(HOT) + readingsOf(CALM)).isBetween(120L, 141L);
        assertThat(readingsOf(other)).isEqualTo(60);
        assertThat(quarantine())
                .isNotEmpty()
                .allSatisfy(record -> assertThat(record.detail())
                        .isEqualTo("over the limit of 20 messages per second of the tenant"));
    }

    @Test
    void givenATopicThatNamesNoDevice_whenTooMuchComes_thenTheTenantOfItsRowIsLimited() {
        TelemetrySession session = session("tenant-messages-per-second=10", "burst=1s");

        for (int i = 0; i < 100; i++) {
            session.arrived(message("plant/gateway", "{\"calm\":[{\"t\":" + i + "}]}"), receipt(false));
        }

        assertThat(done).isEqualTo(100);
        assertThat(quarantine())
                .hasSize(90)
                .allSatisfy(record -> assertThat(record.detail()).contains("of the tenant"));
    }

    @Test
    void givenStrangers_whenTheySend_thenTheFunnelRefusesThemAndNoLimitIsKeptForThem() {
        TelemetrySession session = session("device-messages-per-second=1", "burst=1s");

        for (int i = 0; i < 50; i++) {
            session.arrived(from(DeviceKey.of("demo", "stranger"), i), receipt(false));
        }

        assertThat(quarantine())
                .hasSize(50)
                .allSatisfy(record -> assertThat(record.reason()).isEqualTo("UNKNOWN_DEVICE"));
    }

    @Test
    void givenKafkaThatRefuses_whenARateRefusalCannotBeKept_thenTheBrokerIsNotAcknowledged() {
        TelemetrySession session =
                session(new IllegalStateException("away"), "device-messages-per-second=1", "burst=1s");

        session.arrived(from(HOT, 0), receipt(false));
        session.arrived(from(HOT, 1), receipt(false));

        assertThat(failed).isEqualTo(2);
        assertThat(done).isZero();
    }

    private TelemetrySession session(String... limits) {
        return session(null, limits);
    }

    private TelemetrySession session(@Nullable Throwable failure, String... limits) {
        TopicMappings mappings = new TopicMappings(
                List.of(
                        new TopicMapping("iot/v1/{tenant}/{device}/telemetry", "standard"),
                        new TopicMapping("plant/gateway", "thingsboard-gateway", PLANT, MappingOptions.DEFAULTS)),
                Gateways.NONE);
        InFlightBudget budget = new InFlightBudget(100_000, 1L << 30);
        Intake intake = new Intake(
                new Funnel(FunnelLimits.DEFAULTS, mappings, new Admission() {
                    @Override
                    public boolean knows(DeviceKey device) {
                        return isRegistered(device);
                    }

                    @Override
                    public Verdict admits(DeviceKey device, Sample sample) {
                        return Verdict.ADMITTED;
                    }
                }),
                (event, completion) -> {
                    events.add(event);
                    completion.completed(failure);
                },
                budget,
                new IntakeCounters(registry),
                new UnackedWatch(() -> now));
        Allowances allowances = new Allowances(TestSettings.limits(limits), budget, () -> now);
        return new TelemetrySession(
                settings(),
                0,
                intake,
                new SenderLimits(mappings, allowances, this::isRegistered),
                () -> true,
                registry.counter("forgotten"));
    }

    private boolean isRegistered(DeviceKey device) {
        return !device.device().value().equals("stranger");
    }

    private static SubscriptionSettings settings() {
        Duration any = Duration.ofMinutes(1);
        return new SubscriptionSettings(null, null, null, "test", "#", 1, 10, any, any, 1_024, any, any);
    }

    private BrokerSession.Receipt receipt(boolean mayBeBacklog) {
        return new BrokerSession.Receipt() {
            @Override
            public void done() {
                done++;
            }

            @Override
            public void failed() {
                failed++;
            }

            @Override
            public boolean mayBeBacklog() {
                return mayBeBacklog;
            }
        };
    }

    private RawMessage from(DeviceKey device, int value) {
        return message("iot/v1/" + device + "/telemetry", "{\"t\":" + value + "}");
    }

    private RawMessage message(String topic, String payload) {
        return new RawMessage(
                topic,
                payload.getBytes(StandardCharsets.UTF_8),
                null,
                null,
                0,
                1_790_000_000_000_000L + now / 1_000,
                Transport.SUBSCRIPTION);
    }

    private long readingsOf(DeviceKey device) {
        return events.stream()
                .filter(event ->
                        event.topic().equals(Topics.READINGS) && event.key().equals(device.toString()))
                .count();
    }

    private List<QuarantineRecord> quarantine() {
        return events.stream()
                .filter(event -> event.topic().equals(Topics.QUARANTINE))
                .map(event -> QuarantineRecord.CODEC.decode(event.value()))
                .toList();
    }
}
