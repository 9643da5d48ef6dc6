package dev.heliograph.model.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.MetricName;
import dev.heliograph.model.reading.Sample;
import dev.heliograph.model.state.StateReader;
import dev.heliograph.model.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MetricSilenceTest {
    private static final int HISTORIES = 3_000;
    private static final long SECOND = 1_000_000;
    private static final long T0 = 1_790_000_000L * SECOND;

    private MetricSilence silence = new MetricSilence(PresencePolicy.DEFAULT);
    private final DevicePresence presence = new DevicePresence(PresencePolicy.DEFAULT);

    /** Keeps every arrival of each metric with what was known then, and judges from the definitions. */
    private static final class Naive {
        private final TreeMap<String, List<Long>> intervals = new TreeMap<>();
        private final TreeMap<String, Long> lastSeen = new TreeMap<>();
        private final TreeSet<String> silent = new TreeSet<>();
        private long freshStart = Long.MIN_VALUE;

        void reading(List<String> metrics, long received, boolean wasAway) {
            if (wasAway) {
                freshStart = Math.max(freshStart, received);
            }
            for (String metric : metrics) {
                Long before = lastSeen.get(metric);
                long missedFrom = before == null ? received : Math.max(before, freshStart);
                if (received > missedFrom && !silent.contains(metric)) {
                    intervals.computeIfAbsent(metric, key -> new ArrayList<>()).add(received - missedFrom);
                }
                lastSeen.merge(metric, received, Math::max);
                silent.remove(metric);
            }
            lastSeen.forEach((metric, at) -> {
                List<Long> all = intervals.getOrDefault(metric, List.of());
                List<Long> last = new ArrayList<>(all.subList(Math.max(0, all.size() - 5), all.size()));
                last.sort(null);
                if (last.size() >= 3) {
                    long expected = Math.max(2 * SECOND, Math.min(last.getLast(), 4 * last.get(last.size() / 2)));
                    if (received - Math.max(at, freshStart) > 3 * expected) {
                        silent.add(metric);
                    }
                }
            });
        }
    }

    @Test
    void givenManyHistories_whenReadingsCome_thenTheSilentMetricsAreThoseOfTheDefinitions() {
        int silences = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            Naive naive = new Naive();
            silence = new MetricSilence(PresencePolicy.DEFAULT);
            long now = T0;
            for (int step = 0; step < 80; step++) {
                now += random.nextInt(20) == 0 ? random.nextLong(600 * SECOND) : random.nextLong(10 * SECOND);
                List<String> metrics = new ArrayList<>(List.of("a"));
                if (random.nextInt(10) > 0 && (step < 30 || step > 60)) {
                    metrics.add("b");
                }
                if (step % 7 == 0) {
                    metrics.add("c");
                }
                boolean away = random.nextInt(15) == 0;
                long received = now - random.nextLong(3 * SECOND);
                before(naive, metrics, received, away, now);

                assertThat(silence.silentMetrics())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(List.copyOf(naive.silent));
                naive.lastSeen.forEach((metric, at) -> assertThat(silence.lastSeenMicros(new MetricName(metric)))
                        .isEqualTo(at));
                silences += naive.silent.size();
                if (random.nextInt(10) == 0) {
                    restart();
                }
            }
        }
        assertThat(silences).isGreaterThan(HISTORIES * 10);
    }

    private void before(Naive naive, List<String> metrics, long received, boolean away, long now) {
        List<String> was = silence.silentMetrics();
        naive.reading(metrics, received, away);
        silence.onReading(samples(metrics), received, away, now);
        assertThat(silence.takeChange() || was.equals(silence.silentMetrics())).isTrue();
    }

    @Test
    void givenASensorThatStops_whenTheDeviceGoesOn_thenOnlyThatMetricIsSilentUntilItComesBack() {
        for (int i = 0; i < 10; i++) {
            report(i * 10, "humidity", "temperature");
        }
        for (int i = 10; i < 13; i++) {
            report(i * 10, "temperature");
        }
        assertThat(silence.silentMetrics()).isEmpty();

        report(130, "temperature");

        assertThat(silence.silentMetrics()).containsExactly("humidity");
        assertThat(silence.takeChange()).isTrue();
        report(140, "humidity", "temperature");
        assertThat(silence.silentMetrics()).isEmpty();
    }

    @Test
    void givenAnOutageOfThePlatform_whenReadingsComeOneMetricAtATime_thenNoMetricIsSilent() {
        for (int i = 0; i < 10; i++) {
            report(i * 10, "humidity");
            report(i * 10 + 1, "temperature");
        }

        report(4_000, "humidity");
        report(4_001, "temperature");

        assertThat(silence.silentMetrics()).isEmpty();
        assertThat(silence.takeChange()).isFalse();
    }

    @Test
    void givenADeviceThatWasAway_whenItIsBackWithoutAMetric_thenItIsStillKnownWhenThatWasLastReceived() {
        for (int i = 0; i < 10; i++) {
            report(i * 10, "humidity", "temperature");
        }

        report(4_000, "temperature");
        restart();

        assertThat(silence.lastSeenMicros(new MetricName("humidity"))).isEqualTo(T0 + 90 * SECOND);
        assertThat(silence.lastSeenMicros(new MetricName("temperature"))).isEqualTo(T0 + 4_000 * SECOND);
        assertThat(silence.lastSeenMicros(new MetricName("mode"))).isNull();
    }

    @Test
    void givenAMetricSentSeldom_whenTheOthersAreSentOften_thenItIsJudgedByItsOwnInterval() {
        for (int i = 0; i < 100; i++) {
            if (i % 20 == 0) {
                report(i * 10, "battery", "temperature");
            } else {
                report(i * 10, "temperature");
            }
        }

        assertThat(silence.silentMetrics()).isEmpty();
    }

    private void report(long seconds, String... metrics) {
        long at = T0 + seconds * SECOND;
        boolean away = presence.onReading(at, at, at);
        silence.onReading(samples(List.of(metrics)), at, away, at);
    }

    private void restart() {
        StateWriter out = new StateWriter();
        silence.writeTo(out);
        silence = MetricSilence.readFrom(new StateReader(out.toBytes()), PresencePolicy.DEFAULT);
    }

    private static List<Sample> samples(List<String> metrics) {
        List<Sample> samples = new ArrayList<>();
        metrics.forEach(metric -> samples.add(new Sample.Measurement(new MetricName(metric), 1)));
        samples.add(new Sample.State(new MetricName("mode"), "on"));
        return samples;
    }
}
