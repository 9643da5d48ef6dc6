package dev.heliograph.ingest.funnel;

import static dev.heliograph.ingest.funnel.FunnelFixture.DEVICE;
import static dev.heliograph.ingest.funnel.FunnelFixture.NOW_MICROS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.DeviceKey;
import dev.heliograph.model.reading.Reading;
import dev.heliograph.model.reading.ReadingFlag;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.reading.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device brings of its past. */
class HistoryTest {
    private static final long NOW_MILLIS = NOW_MICROS / 1_000;

    @Test
    void givenHistory_whenPassed_thenItsAgeIsNoReasonToRefuseItAndItIsMarked() {
        String payload = "[{\"ts\":%d,\"t\":1},{\"ts\":%d,\"t\":2}]".formatted(daysAgo(400), daysAgo(1));

        Outcome history = pass(FunnelFixture.funnel(), payload, IntakeMode.BACKFILL);
        Outcome live = pass(FunnelFixture.funnel(), payload, IntakeMode.LIVE);

        assertThat(history.isClean()).isTrue();
        assertThat(history.readings())
                .extracting(Reading::flags)
                .allSatisfy(flags -> assertThat(flags).containsExactly(ReadingFlag.BACKFILL));
        assertThat(history.readings())
                .extracting(Reading::timeMicros)
                .containsExactly(daysAgo(400) * 1_000, daysAgo(1) * 1_000);
        assertThat(live.refusals()).extracting(Refusal::reason).containsExactly(Reason.TOO_OLD);
        assertThat(live.readings()).extracting(Reading::flags).containsExactly(Set.of());
    }

    @ParameterizedTest
    @CsvSource({"1829, true", "1831, false"})
    void givenHistoryAtTheAgeThatIsKept_whenPassed_thenWhatWouldBeDeletedAtOnceIsRefused(long days, boolean taken) {
        Outcome outcome =
                pass(FunnelFixture.funnel(), "{\"ts\":%d,\"t\":1}".formatted(daysAgo(days)), IntakeMode.BACKFILL);

        assertThat(outcome.readings()).hasSize(taken ? 1 : 0);
        assertThat(outcome.refusals())
                .extracting(Refusal::reason)
                .isEqualTo(taken ? List.of() : List.of(Reason.TOO_OLD));
    }

    @Test
    void givenHistoryWithoutATime_whenPassed_thenItIsRefusedAndTheRestIsKept() {
        String payload = "[{\"t\":1},{\"ts\":%d,\"t\":2}]".formatted(daysAgo(40));

        Outcome outcome = pass(FunnelFixture.funnel(), payload, IntakeMode.BACKFILL);

        assertThat(outcome.readings()).hasSize(1);
        assertThat(outcome.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.BAD_TS);
            assertThat(refusal.pointer()).isEqualTo("/0");
        });
    }

    @Test
    void givenHistoryWithSequenceAndOldUnit_whenPassed_thenNothingIsLearnedOfThePresent() {
        Remembering admission = new Remembering();
        Funnel funnel = new Funnel(FunnelLimits.DEFAULTS, TopicMappings.DEFAULTS, admission);

        Outcome outcome = pass(
                funnel,
                "{\"ts\":%d,\"seq\":7,\"metrics\":{\"t\":1,\"beyond\":2}}".formatted(daysAgo(90)),
                IntakeMode.BACKFILL);

        assertThat(admission.asked).containsExactly("history t", "history beyond");
        assertThat(outcome.readings()).singleElement().satisfies(reading -> {
            assertThat(reading.sequence()).isEqualTo(7);
            assertThat(reading.flags()).containsExactly(ReadingFlag.BACKFILL);
            assertThat(reading.samples()).hasSize(1);
        });
        assertThat(outcome.refusals()).extracting(Refusal::reason).containsExactly(Reason.CARDINALITY);
    }

    @Test
    void givenLimitsInTheWrongOrder_whenMade_thenRefused() {
        Duration day = Duration.ofDays(1);

        assertThatThrownBy(() -> new FunnelLimits(1, 1, 0, Duration.ZERO, day, day.minusMillis(1)))
                .hasMessageContaining("maxHistoryAge");
    }

    private static long daysAgo(long days) {
        return NOW_MILLIS - Duration.ofDays(days).toMillis();
    }

    private static Outcome pass(Funnel funnel, String payload, IntakeMode mode) {
        return funnel.pass(new RawMessage(
                FunnelFixture.TOPIC,
                payload.getBytes(StandardCharsets.UTF_8),
                DEVICE,
                null,
                false,
                0,
                NOW_MICROS,
                Transport.HTTP,
                mode,
                1));
    }

    /** Notes what it is asked, and has room for every metric but one. */
    private static final class Remembering implements Admission {
        private final List<String> asked = new ArrayList<>();

        @Override
        public boolean knows(DeviceKey device) {
            return true;
        }

        @Override
        public Verdict admits(DeviceKey device, Sample sample) {
            asked.add("live " + sample.metric());
            return Verdict.CHANGED;
        }

        @Override
        public boolean admitsHistory(DeviceKey device, Sample sample) {
            asked.add("history " + sample.metric());
            return !sample.metric().value().equals("beyond");
        }

        @Override
        public boolean isGap(DeviceKey device, long strand, long sequence) {
            asked.add("sequence " + sequence);
            return true;
        }
    }
}
