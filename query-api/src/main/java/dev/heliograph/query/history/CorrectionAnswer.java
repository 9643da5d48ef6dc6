package dev.heliograph.query.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a deletion or correction.
 *
 * @param touched what it touches, counted before
 * @param correction what was accepted; absent for a dry run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CorrectionAnswer(Touched touched, @Nullable Correction correction) {
    /**
     * Samples in the range.
     *
     * @param rows of all series together
     */
    record Touched(String device, Instant from, Instant to, long rows, List<TouchedSeries> series) {}

    /** Samples of one metric in the range. */
    record TouchedSeries(String metric, long rows) {}
}
