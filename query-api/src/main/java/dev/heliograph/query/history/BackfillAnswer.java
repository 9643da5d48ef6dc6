package dev.heliograph.query.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an upload.
 *
 * @param accepted readings that are safe in Kafka; they are stored within seconds
 * @param refusedCount readings that were not taken
 * @param refused the first of these
 * @param warnings what the caller should know of what was accepted
 * @param continueAt the place of the first reading that was not looked at, where the upload has more than a request may have
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BackfillAnswer(
        long accepted,
        long refusedCount,
        List<RefusedReading> refused,
        List<String> warnings,
        @Nullable Long continueAt) {
    /**
     * One reading that was not taken.
     *
     * @param line of the CSV file, from 1
     * @param index in the JSON array, from 0
     * @param pointer into the reading, empty for all of it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RefusedReading(@Nullable Long line, @Nullable Long index, String reason, String detail, String pointer) {}
}
