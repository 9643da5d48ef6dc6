package dev.heliograph.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.simulator.feed.Damage;
import dev.heliograph.simulator.feed.DeviceFeed;
import dev.heliograph.simulator.feed.DeviceMessage;
import dev.heliograph.simulator.feed.DeviceMessage.Kind;
import dev.heliograph.simulator.feed.HealthyFeed;
import dev.heliograph.simulator.feed.ReadingJson;
import dev.heliograph.simulator.physics.DeviceModel;
import dev.heliograph.simulator.physics.Noise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FaultsTest {
    private static final long START = 1_790_000_000_000L;
    private static final long SECOND = 1_000;
    private static final int HOUR = 3_600;
    private static final Noise NOISE = Noise.ofSeed(5);
    private static final MetricName VALUE = new MetricName("value");
    private static final Occurrence OFTEN =
            new Occurrence(1, Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofMinutes(4));

    /** Counts the seconds since the start, so that every value is known. */
    private static final DeviceModel CLOCKWORK = at -> List.of(
            new Sample.Measurement(VALUE, (at - START) / 1_000.0), new Sample.State(new MetricName("mode"), "on"));

    @Test
    void givenEpisodes_whenAnHourPasses_thenEachSlotHasOneOfTheGivenLength() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        Set<Episodes.Episode> seen = new HashSet<>();

        for (int second = 0; second < 6 * HOUR; second++) {
            episodes.at(START + second * SECOND).ifPresent(seen::add);
        }

        assertThat(seen).hasSizeBetween(36, 37).allSatisfy(episode -> {
            assertThat(episode.endMillis() - episode.startMillis()).isBetween(120_000L, 240_000L);
            assertThat(Math.floorDiv(episode.startMillis(), 600_000)).isEqualTo(episode.number());
            assertThat(Math.floorDiv(episode.endMillis() - 1, 600_000)).isEqualTo(episode.number());
        });
    }

    @Test
    void givenDrift_whenAnEpisodeBegins_thenTheNumberRunsAwayAndTheStateStays() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        DeviceModel drifting = new DriftingModel(CLOCKWORK, episodes);

        for (int second = 0; second < HOUR; second++) {
            long at = START + second * SECOND;
            double error = number(drifting.samplesAt(at)) - second;
            long age = episodes.at(at).map(e -> at - e.startMillis()).orElse(0L);
            double expected = age / 3_600_000.0 * Math.max(1, second / 4.0);
            assertThat(Math.abs(error)).isCloseTo(expected, Offset.offset(0.001));
            assertThat(drifting.samplesAt(at).getLast())
                    .isEqualTo(CLOCKWORK.samplesAt(at).getLast());
        }
    }

    @Test
    void givenStuckSensor_whenAnEpisodeLasts_thenOneMetricRepeatsItsFirstValue() {
        DeviceModel single = at -> List.of(new Sample.Measurement(VALUE, at));
        Episodes episodes = new Episodes(OFTEN, NOISE);
        DeviceModel stuck = new StuckModel(single, episodes);

        for (int second = 0; second < HOUR; second++) {
            long at = START + second * SECOND;
            long expected = episodes.at(at).map(Episodes.Episode::startMillis).orElse(at);
            assertThat(number(stuck.samplesAt(at))).isEqualTo(expected);
        }
    }

    @Test
    void givenSpikes_whenManyReadingsPass_thenTheirPartIsTheProbabilityAndTheyAreLarge() {
        DeviceModel constant = at -> List.of(new Sample.Measurement(VALUE, 20));
        DeviceModel spiky = new SpikyModel(constant, 0.01, NOISE);
        int spikes = 0;

        for (int second = 0; second < 10_000; second++) {
            double error = Math.abs(number(spiky.samplesAt(START + second * SECOND)) - 20);
            if (error > 0) {
                spikes++;
                assertThat(error).isBetween(10.0, 50.0);
            }
        }

        assertThat(spikes).isBetween(60, 140);
    }

    @Test
    void givenSilence_whenItEnds_thenNothingWasCountedMeanwhile() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        List<DeviceMessage> messages = hour(new SilentFeed(new HealthyFeed(CLOCKWORK), episodes));

        assertThat(messages).hasSizeBetween(HOUR / 3, HOUR * 4 / 5);
        assertThat(messages).noneMatch(m -> episodes.at(m.timeMillis()).isPresent());
        assertThat(messages.getLast().sequence()).isEqualTo(messages.size() - 1);
    }

    @Test
    void givenOutage_whenItEnds_thenWhatWasKeptComesFirstWithItsOldTimes() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        OutageFeed feed = new OutageFeed(new HealthyFeed(CLOCKWORK), episodes, 1_000);
        List<DeviceMessage> messages = hour(feed);

        assertThat(messages).extracting(DeviceMessage::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(messages).allSatisfy(m -> {
            assertThat(m.timeMillis()).isEqualTo(START + m.sequence() * SECOND);
            assertThat(m.kind() == Kind.BUFFERED)
                    .isEqualTo(episodes.at(m.timeMillis()).isPresent());
        });
        assertThat(messages).anyMatch(m -> m.kind() == Kind.BUFFERED);
    }

    @Test
    void givenSmallBuffer_whenTheOutageIsLonger_thenTheOldestAreLost() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        OutageFeed feed = new OutageFeed(new HealthyFeed(CLOCKWORK), episodes, 10);
        int largest = 0;

        for (int second = 0; second < HOUR; second++) {
            largest = Math.max(largest, feed.due(START + second * SECOND).size());
        }

        assertThat(largest).isEqualTo(11);
    }

    @Test
    void givenWrongClock_whenAnEpisodeLasts_thenAllItsTimesAreOffByTheSameBoundedError() {
        Episodes episodes = new Episodes(OFTEN, NOISE);
        DeviceFeed feed = new WrongClockFeed(new HealthyFeed(CLOCKWORK), episodes, Duration.ofMinutes(10), NOISE);
        Set<Long> errors = new HashSet<>();

        for (int second = 0; second < HOUR; second++) {
            long at = START + second * SECOND;
            long error = feed.due(at).getFirst().timeMillis() - at;
            assertThat(Math.abs(error)).isLessThanOrEqualTo(600_000);
            if (episodes.at(at).isEmpty()) {
                assertThat(error).isZero();
            } else {
                errors.add(error);
            }
        }

        assertThat(errors).hasSizeBetween(5, 7);
    }

    @Test
    void givenResends_whenManyMessagesPass_thenCopiesEqualTheirOriginals() {
        List<DeviceMessage> messages = hour(new ResendingFeed(new HealthyFeed(CLOCKWORK), 0.1, NOISE));

        List<DeviceMessage> copies =
                messages.stream().filter(m -> m.kind() == Kind.RESEND).toList();
        assertThat(copies).hasSizeBetween(280, 440);
        assertThat(copies).allSatisfy(copy -> {
            int original = messages.indexOf(copy.as(Kind.FRESH));
            assertThat(original).isNotNegative().isLessThan(messages.indexOf(copy));
        });
    }

    @Test
    void givenMalformedPayloads_whenManyMessagesPass_thenEveryKindOfDamageHappens() {
        List<DeviceMessage> messages = hour(new MalformingFeed(new HealthyFeed(CLOCKWORK), 0.05, NOISE));

        Set<Damage> damages = EnumSet.noneOf(Damage.class);
        messages.stream().filter(m -> m.damage() != null).forEach(m -> damages.add(m.damage()));
        assertThat(damages).containsExactlyInAnyOrder(Damage.values());
        assertThat(messages.stream().filter(m -> m.damage() != null)).hasSizeBetween(120, 240);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void givenDamage_whenPayloadIsRead_thenItHoldsNoReading(Damage damage) {
        byte[] payload = ReadingJson.encode(
                DeviceMessage.fresh(1, START, CLOCKWORK.samplesAt(START)).damaged(damage));

        assertThat(isReading(payload)).isFalse();
    }

    @Test
    void givenAllFaults_whenTheSameDeviceIsMadeTwice_thenItSendsTheSame() {
        DeviceFeed one = Faults.around(CLOCKWORK, FaultProfile.MANY, NOISE);
        DeviceFeed other = Faults.around(CLOCKWORK, FaultProfile.MANY, NOISE);

        assertThat(hour(one)).isEqualTo(hour(other));
    }

    @Test
    void givenNoFaults_whenAnHourPasses_thenEveryMessageIsFreshAndSound() {
        List<DeviceMessage> messages = hour(Faults.around(CLOCKWORK, FaultProfile.NONE, NOISE));

        assertThat(messages).hasSize(HOUR).allSatisfy(m -> {
            assertThat(m.kind()).isEqualTo(Kind.FRESH);
            assertThat(m.damage()).isNull();
            assertThat(m.timeMillis()).isEqualTo(START + m.sequence() * SECOND);
        });
    }

    @Test
    void givenImpossibleOccurrence_whenMade_thenItIsRefusedWithTheRule() {
        assertThatThrownBy(() -> new Occurrence(1.5, Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("probability");
        assertThatThrownBy(() -> new Occurrence(1, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("shortest <= longest < every");
    }

    private static List<DeviceMessage> hour(DeviceFeed feed) {
        List<DeviceMessage> messages = new ArrayList<>();
        for (int second = 0; second < HOUR; second++) {
            messages.addAll(feed.due(START + second * SECOND));
        }
        return messages;
    }

    private static double number(List<Sample> samples) {
        return ((Sample.Measurement) samples.getFirst()).value();
    }

    private static boolean isReading(byte[] payload) {
        try {
            JsonNode root = JsonMapper.builder().build().readTree(payload);
            boolean isUtf8 = Arrays.equals(
                    new String(payload, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), payload);
            return isUtf8 && !root.path("metrics").isEmpty();
        } catch (JacksonException e) {
            return false;
        }
    }
}
