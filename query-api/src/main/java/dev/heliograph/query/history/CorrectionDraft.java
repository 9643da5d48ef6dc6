package dev.heliograph.query.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the samples of one series are to be corrected: a range with exactly one of set, offset and scale, or points.
 *
 * @param metric whose samples
 * @param from start of the range, inclusive; RFC 3339
 * @param to its end, exclusive
 * @param set the value that all get
 * @param offset what is added to each
 * @param scale what each is multiplied by
 * @param points values for given times, whether there is a sample or not
 * @param reason why, for those who ask later
 */
record CorrectionDraft(
        @Nullable String metric,
        @Nullable String from,
        @Nullable String to,
        @Nullable Double set,
        @Nullable Double offset,
        @Nullable Double scale,
        @Nullable List<CorrectedPoint> points,
        @Nullable String reason) {
    /**
     * One value.
     *
     * @param ts its time, RFC 3339
     */
    record CorrectedPoint(@Nullable String ts, @Nullable Double value) {}
}
