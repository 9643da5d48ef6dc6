package dev.heliograph.model.reading;

import dev.heliograph.model.id.MetricName;

/** The value of one metric at the instant of its reading. */
public sealed interface Sample {
    /** Longest text of a state, in UTF-16 characters. */
    int MAX_STATE_LENGTH = 64;

    MetricName metric();

    /** A number: finite, stored bit for bit. */
    record Measurement(MetricName metric, double value) implements Sample {
        public Measurement {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("value of " + metric + " must be finite, was " + value);
            }
        }
    }

    /** Yes or no: stored as a measurement of 1 or 0 of kind boolean. */
    record Flag(MetricName metric, boolean value) implements Sample {
        /** 1 for true, 0 for false. */
        public double asMeasurement() {
            return value ? 1 : 0;
        }
    }

    /** A text such as {@code mode=heating}. */
    record State(MetricName metric, String text) implements Sample {
        public State {
            if (text.length() > MAX_STATE_LENGTH) {
                throw new IllegalArgumentException(
                        "state of " + metric + " may have " + MAX_STATE_LENGTH + " characters, had " + text.length());
            }
        }
    }
}
