package dev.heliograph.query.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.model.id.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final Subscription ALL = new Subscription(
            new TenantId("demo"), Set.of(new View(Set.of(StreamTopic.PRESENCE), Set.of(), Set.of())), 0);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final StreamMetrics metrics = new StreamMetrics(meters, Clock.systemUTC());

    @Test
    void givenSlowReader_whenTheQueueIsFull_thenOnlyTheNewestOfEachSeriesStaysAndAlertsAllStay() throws Exception {
        Connection connection = new Connection("ana", ALL, settings(100_000, 3), metrics);
        for (int i = 0; i < 10; i++) {
            connection.offer(Frame.of(List.of(sample("a", i), alert(i)), "id" + i));
        }

        String text = text(connection.take(Duration.ZERO));

        assertThat(text).contains("[\"a9\"]").doesNotContain("a5");
        for (int i = 0; i < 10; i++) {
            assertThat(text).contains("\"alert" + i + "\"");
        }
        assertThat(text).contains("id: id9");
        assertThat(meters.get("heliograph.sse.dropped").counter().count()).isPositive();
        assertThat(connection.ended()).isNull();
    }

    @Test
    void givenMoreThanTheBoundThatMustNotBeLeftOut_whenOffered_thenTheConnectionEnds() {
        Connection connection = new Connection("ana", ALL, settings(1_024, 3), metrics);
        for (int i = 0; i < 500; i++) {
            connection.offer(Frame.of(List.of(alert(i)), "id" + i));
        }

        assertThat(connection.ended()).isEqualTo("slow");
        assertThat(meters.get("heliograph.sse.slow.closed").counter().count()).isEqualTo(1);
    }

    @Test
    void givenResetAndManyFigures_whenTheQueueIsFull_thenTheResetStays() throws Exception {
        Connection connection = new Connection("ana", ALL, settings(100_000, 3), metrics);
        connection.offer(LiveHub.resetFrame("behind"));
        for (int i = 0; i < 10; i++) {
            connection.offer(Frame.single("system", "{\"n\":" + i + "}", null));
        }

        assertThat(text(connection.take(Duration.ZERO)))
                .contains("event: reset", "{\"n\":9}")
                .doesNotContain("{\"n\":5}");
    }

    @Test
    void givenPositions_whenEncoded_thenTheyComeBackAndGarbageDoesNot() {
        Positions positions = new Positions(java.util.Map.of(
                StreamTopic.SAMPLES, new long[] {0, 127, 128, Long.MAX_VALUE >> 2}, StreamTopic.ALERTS, new long[] {5
                }));

        Positions read = Positions.decode(positions.encode()).orElseThrow();

        assertThat(read.next().get(StreamTopic.SAMPLES)).containsExactly(0, 127, 128, Long.MAX_VALUE >> 2);
        assertThat(read.next().get(StreamTopic.ALERTS)).containsExactly(5);
        assertThat(Positions.decode(new byte[] {0, 3, 1})).isEmpty();
        assertThat(Positions.decode(new byte[] {99, 0})).isEmpty();
    }

    private static StreamSettings settings(int bytes, int frames) {
        Duration second = Duration.ofSeconds(1);
        return new StreamSettings(
                second, second, second, 1, 1, 1, 1, 1, bytes, frames, second, 1, 1, 1_000, second, second, second);
    }

    private static Fragment sample(String device, int number) {
        return fragment(device, device, "\"" + device + number + "\"", "samples");
    }

    private static Fragment alert(int number) {
        return fragment("a", null, "\"alert" + number + "\"", "alerts");
    }

    private static Fragment fragment(String device, @Nullable String key, String json, String event) {
        return new Fragment(StreamTopic.PRESENCE, event, device, null, key, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(List<Frame> frames) {
        return frames.stream()
                .map(frame -> new String(frame.bytes(), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }
}
