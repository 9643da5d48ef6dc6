package dev.heliograph.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.ingest.funnel.Admission;
import dev.heliograph.ingest.funnel.Funnel;
import dev.heliograph.ingest.funnel.FunnelLimits;
import dev.heliograph.ingest.funnel.Outcome;
import dev.heliograph.ingest.funnel.RawMessage;
import dev.heliograph.ingest.funnel.Reason;
import dev.heliograph.ingest.funnel.Refusal;
import dev.heliograph.ingest.funnel.TopicMappings;
import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Transport;
import dev.heliograph.model.wire.QuarantineRecord;
import dev.heliograph.model.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final long NOON = 1_790_000_040_000_000L;
    private static final DeviceKey DEVICE = DeviceKey.of("demo", "boiler-7");

    private final List<Event> kept = new ArrayList<>();
    private final InFlightBudget budget = new InFlightBudget(100, 1_000_000);
    private final List<Outcome> answers = new ArrayList<>();
    private final List<@Nullable Throwable> failures = new ArrayList<>();

    @Test
    void givenAReadingThatTheTopicDoesNotAdmit_whenSubmitted_thenItIsRefusedAndKeptInQuarantine() {
        Intake intake = intake(event -> event.topic().equals(Topics.READINGS));

        submit(intake, "{\"metrics\":{\"temperature\":21.5}}");

        assertThat(failures).containsExactly((Throwable) null);
        assertThat(answers).singleElement().satisfies(outcome -> {
            assertThat(outcome.isRefused()).isTrue();
            assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_LARGE);
        });
        assertThat(kept).singleElement().satisfies(event -> {
            QuarantineRecord refused = QuarantineRecord.CODEC.decode(event.value());
            assertThat(refused.reason()).isEqualTo("TOO_LARGE");
            assertThat(new String(refused.payload(), StandardCharsets.UTF_8)).contains("21.5");
        });
        assertThat(budget.messages()).isZero();
    }

    @Test
    void givenAnArrayOfWhichSomeAreTooLarge_whenSubmitted_thenTheOthersAreTakenAndOneRefusalIsKept() {
        Intake intake = intake(event -> event.topic().equals(Topics.READINGS) && event.units() > 1);

        submit(
                intake,
                "[{\"ts\":1790000000000,\"metrics\":{\"a\":1}},{\"ts\":1790000000001,\"metrics\":{\"a\":1,\"b\":2}},"
                        + "{\"ts\":1790000000002,\"metrics\":{\"a\":1,\"b\":2,\"c\":3}}]");

        assertThat(answers).singleElement().satisfies(outcome -> {
            assertThat(outcome.readings()).hasSize(1);
            assertThat(outcome.refusals()).hasSize(2);
            assertThat(outcome.isRefused()).isFalse();
        });
        assertThat(kept).extracting(Event::topic).containsExactlyInAnyOrder(Topics.READINGS, Topics.QUARANTINE);
    }

    @Test
    void givenATopicThatTakesNotEvenTheRefusal_whenSubmitted_thenItIsNotAcknowledged() {
        Intake intake = intake(event -> true);

        submit(intake, "{\"metrics\":{\"temperature\":21.5}}");

        assertThat(failures).singleElement().isInstanceOf(EventTooLarge.class);
        assertThat(kept).isEmpty();
        assertThat(budget.messages()).isZero();
    }

    private void submit(Intake intake, String json) {
        RawMessage message = new RawMessage(
                "iot/v1/demo/boiler-7/telemetry",
                json.getBytes(StandardCharsets.UTF_8),
                DEVICE,
                null,
                false,
                0,
                NOON,
                Transport.MQTT,
                dev.heliograph.ingest.funnel.IntakeMode.LIVE,
                1);
        Allowances allowances = new Allowances(dev.heliograph.ingest.TestSettings.noLimits(), budget, System::nanoTime);
        intake.submit(message, allowances.of(DEVICE), (outcome, failure) -> {
            answers.add(outcome);
            failures.add(failure);
        });
    }

    private Intake intake(Predicate<Event> tooLarge) {
        EventSink sink = (event, completion) -> {
            if (tooLarge.test(event)) {
                completion.completed(new EventTooLarge(event, new IllegalArgumentException("too large")));
            } else {
                kept.add(event);
                completion.completed(null);
            }
        };
        return new Intake(
                new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, Admission.ALL),
                sink,
                budget,
                new IntakeCounters(new SimpleMeterRegistry()),
                new UnackedWatch(System::nanoTime));
    }
}
