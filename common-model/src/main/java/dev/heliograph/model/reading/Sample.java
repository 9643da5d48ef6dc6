package dev.heliograph.model.reading;

import dev.heliograph.model.id.MetricName;
import org.jspecify.annotations.Nullable;

/** The value of one metric at the instant of its reading. */
public sealed interface Sample {
    /** Longest text of a state, in UTF-16 characters. */
    int MAX_STATE_LENGTH = 64;

    /** Longest name of a unit, in UTF-16 characters. */
    int MAX_UNIT_LENGTH = 32;

    MetricName metric();

    /**
     * Whether two values of one identity make a duplicate and no conflict: by number, so that -0 is 0. Stream and store must
     * judge alike.
     */
    static boolean isSameValue(double one, double other) {
        return one == other;
    }

    /** Whether a text can name a unit: 1 to {@value #MAX_UNIT_LENGTH} characters, none of them a control character. */
    static boolean isUnit(String text) {
        if (text.isEmpty() || text.length() > MAX_UNIT_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) || Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * A number: finite, stored bit for bit.
     *
     * @param unit the unit as the device named it, or null where it did not
     */
    record Measurement(
            MetricName metric, double value, @Nullable String unit) implements Sample {
        /** @throws IllegalArgumentException if the value is not finite or the unit no unit by {@link #isUnit} */
        public Measurement {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("value of " + metric + " must be finite, was " + value);
            }
            if (unit != null && !isUnit(unit)) {
                throw new IllegalArgumentException("unit of " + metric + " must have 1 to " + MAX_UNIT_LENGTH
                        + " characters and no control character, had " + unit.length());
            }
        }

        /** A number whose unit the device did not name. */
        public Measurement(MetricName metric, double value) {
            this(metric, value, null);
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
