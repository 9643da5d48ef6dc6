package dev.heliograph.model.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.model.state.StateFormatException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
    private static final int DISTRIBUTIONS = 4_000;
    // The bound is that of the buckets; the logarithm adds a rounding error.
    private static final double ACCURACY = QuantileSketch.RELATIVE_ACCURACY * (1 + 1e-9);
    private static final double[] QUANTILES = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};

    @Test
    void givenManyDistributions_whenAQuantileIsAsked_thenItIsWithinOnePercent() {
        for (int seed = 0; seed < DISTRIBUTIONS; seed++) {
            double[] values = values(new Random(seed), seed);

            QuantileSketch sketch = QuantileSketch.of(values, 0, values.length);

            Arrays.sort(values);
            assertThat(sketch.count()).isEqualTo(values.length);
            for (double q : QUANTILES) {
                double exact = values[(int) Math.floor(q * (values.length - 1))];
                assertThat(Math.abs(sketch.quantile(q) - exact))
                        .as("seed %d, q %s: %s for %s", seed, q, sketch.quantile(q), exact)
                        .isLessThanOrEqualTo(Math.abs(exact) * ACCURACY);
            }
        }
    }

    @Test
    void givenManyDistributions_whenPartsAreMergedInAnyOrder_thenTheyAreTheWhole() {
        for (int seed = 0; seed < DISTRIBUTIONS; seed++) {
            Random random = new Random(seed);
            // Every eighth spreads over all sizes of doubles, so that buckets are joined.
            double[] values = seed % 8 == 0 ? doublesOfAnySize(random, 6_000) : values(random, seed);
            QuantileSketch whole = QuantileSketch.of(values, 0, values.length);

            QuantileSketch[] parts = new QuantileSketch[1 + random.nextInt(8)];
            Arrays.setAll(parts, part -> new QuantileSketch());
            for (double value : values) {
                parts[random.nextInt(parts.length)].add(value);
            }
            QuantileSketch merged = new QuantileSketch();
            for (QuantileSketch part : parts) {
                merged.merge(QuantileSketch.fromBytes(part.toBytes()));
            }

            assertThat(merged).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void givenMoreBucketsThanAreKept_whenAsked_thenTheLargestValuesAreStillExactEnough() {
        double[] values = doublesOfAnySize(new Random(7), 50_000);

        QuantileSketch sketch = QuantileSketch.of(values, 0, values.length);

        assertThat(sketch.buckets()).isLessThanOrEqualTo(2 * QuantileSketch.MAX_BUCKETS + 1);
        assertThat(sketch.toBytes().length).isLessThan(10_000);
        Arrays.sort(values);
        for (double q : new double[] {0, 0.005, 0.995, 1}) {
            double exact = values[(int) Math.floor(q * (values.length - 1))];
            assertThat(Math.abs(sketch.quantile(q) - exact)).isLessThanOrEqualTo(Math.abs(exact) * ACCURACY);
        }
    }

    @Test
    void givenAMinuteOfARoomsTemperature_whenWritten_thenItTakesAFewBytes() {
        QuantileSketch sketch = new QuantileSketch();
        for (int second = 0; second < 60; second++) {
            sketch.add(21 + Math.sin(second / 10.0));
        }

        assertThat(sketch.toBytes().length).isLessThan(20);
    }

    @Test
    void givenTheEdgesOfDoubles_whenAdded_thenTheyComeBack() {
        double[] edges = {-Double.MAX_VALUE, -1, -Double.MIN_NORMAL, -0.0, Double.MIN_VALUE, 1, Double.MAX_VALUE};

        QuantileSketch sketch = QuantileSketch.of(edges, 0, edges.length);

        assertThat(sketch.quantile(0)).isFinite().isLessThan(-1.7e308);
        assertThat(sketch.quantile(1)).isFinite().isGreaterThan(1.7e308);
        assertThat(sketch.quantile(0.5)).isZero();
    }

    @Test
    void givenWhatIsNoNumberOrNoRank_whenAsked_thenRefused() {
        QuantileSketch sketch = new QuantileSketch();

        assertThatIllegalArgumentException().isThrownBy(() -> sketch.add(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> sketch.add(Double.POSITIVE_INFINITY));
        assertThatIllegalArgumentException().isThrownBy(() -> sketch.quantile(1.01));
        assertThatIllegalStateException().isThrownBy(() -> sketch.quantile(0.5));
        assertThatThrownBy(() -> QuantileSketch.fromBytes(new byte[] {9})).isInstanceOf(StateFormatException.class);
    }

    private static double[] values(Random random, int kind) {
        double[] values = new double[1 + random.nextInt(random.nextInt(4) == 0 ? 2_000 : 60)];
        double centre = random.nextGaussian() * 100;
        double spread = Math.exp(random.nextGaussian() * 2);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (kind % 7) {
                case 0 -> centre + random.nextGaussian() * spread;
                case 1 -> random.nextDouble() * spread;
                case 2 -> Math.exp(random.nextGaussian() * spread);
                case 3 -> -Math.exp(random.nextGaussian());
                case 4 -> random.nextInt(3) - 1;
                case 5 -> Math.round(centre * 10) / 10.0;
                default -> spread / Math.pow(1 - random.nextDouble(), 2);
            };
        }
        return values;
    }

    private static double[] doublesOfAnySize(Random random, int count) {
        return random.doubles(count, -700, 700)
                .map(logarithm -> (random.nextBoolean() ? 1 : -1) * Math.exp(logarithm))
                .toArray();
    }
}
