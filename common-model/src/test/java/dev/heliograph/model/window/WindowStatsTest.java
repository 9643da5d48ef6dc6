package dev.heliograph.model.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowStatsTest {
    @Test
    void givenTwoHalves_whenMerged_thenTheyAreTheWhole() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int count = 2 + random.nextInt(100);
            long[] times = new long[count];
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                times[i] = i * 10L;
                values[i] = 1_000 + random.nextGaussian();
            }
            int split = 1 + random.nextInt(count - 1);

            WindowStats whole = WindowStats.of(times, values, 0, count);
            WindowStats merged =
                    WindowStats.of(times, values, split, count).merge(WindowStats.of(times, values, 0, split));

            assertThat(merged.count()).isEqualTo(count);
            assertThat(merged.first()).isEqualTo(values[0]);
            assertThat(merged.last()).isEqualTo(values[count - 1]);
            assertThat(merged.mean()).isCloseTo(whole.mean(), within(1e-9));
            assertThat(merged.squaredDeviations()).isCloseTo(whole.squaredDeviations(), within(1e-6));
        }
    }

    @Test
    void givenValuesAtTheEdgeOfDoubles_whenSummed_thenEveryPartStaysFinite() {
        double[] values = {Double.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};

        WindowStats stats = WindowStats.of(new long[] {1, 2, 3, 4}, values, 0, 4);

        assertThat(stats.sum()).isFinite();
        assertThat(stats.mean()).isFinite();
        assertThat(stats.squaredDeviations()).isFinite();
    }
}
