package dev.heliograph.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.writer.store.Skipped;
import dev.heliograph.writer.store.WriteOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WriterMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WriterMetrics metrics = new WriterMetrics(registry);

    @Test
    void givenNothingWritten_whenAskedForSkippedReadings_thenBothCountersAreThere() {
        assertThat(count("missed")).isZero();
        assertThat(count("filled")).isZero();
    }

    @Test
    void givenReadingsThatWereSkipped_whenSomeCome_thenBothAreCounted() {
        metrics.wrote(outcome(new Skipped(7, 0)), 1, Duration.ofMillis(5));
        metrics.wrote(outcome(new Skipped(1, 2)), 1, Duration.ofMillis(5));

        assertThat(count("missed")).isEqualTo(8);
        assertThat(count("filled")).isEqualTo(2);
    }

    private double count(String what) {
        return registry.get("heliograph.writer.sequence." + what).counter().count();
    }

    private static WriteOutcome outcome(Skipped skipped) {
        return new WriteOutcome(Map.of(), 0, 0, Map.of(), skipped, false);
    }
}
