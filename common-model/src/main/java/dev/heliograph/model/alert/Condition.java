package dev.heliograph.model.alert;

import dev.heliograph.model.id.MetricName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What must be the case for an alert. */
public sealed interface Condition {
    /** Its name on the wire. */
    String kind();

    /** The metric that it is about; null where it is about the whole device. */
    @Nullable
    MetricName metric();

    /**
     * A metric beyond a value.
     *
     * @param metric the metric
     * @param comparison how it stands to {@code value} when it is wrong
     * @param value the limit
     * @param clear the limit of return: an alert ends when the comparison no longer holds against this one
     */
    record Threshold(MetricName metric, Comparison comparison, double value, double clear) implements Condition {
        /** @throws IllegalArgumentException if a limit is not finite or {@code clear} is on the wrong side of {@code value} */
        public Threshold {
            if (!Double.isFinite(value) || !Double.isFinite(clear)) {
                throw new IllegalArgumentException("value and clear must be finite, were " + value + " and " + clear);
            }
            if (comparison.upward() ? clear > value : clear < value) {
                throw new IllegalArgumentException("clear must not be beyond value on the side of "
                        + comparison.symbol() + ", were " + clear + " and " + value);
            }
        }

        @Override
        public String kind() {
            return "threshold";
        }

        boolean isBreachedBy(double sample) {
            return comparison.holds(sample, value);
        }

        boolean isClearedBy(double sample) {
            return !comparison.holds(sample, clear);
        }
    }

    /**
     * No reading of a device received for some time, or none with one metric.
     *
     * @param after this time
     * @param metric the metric that is missed; null for any reading at all
     */
    record Absence(Duration after, @Nullable MetricName metric) implements Condition {
        /** Of the whole device. */
        public Absence(Duration after) {
            this(after, null);
        }

        /** @throws IllegalArgumentException if the time is not positive */
        public Absence {
            if (!after.isPositive()) {
                throw new IllegalArgumentException("after must be positive, was " + after);
            }
        }

        @Override
        public String kind() {
            return "absence";
        }
    }
}
