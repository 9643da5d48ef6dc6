package dev.heliograph.query.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of what is stored of a device, and how far it has come.
 *
 * @param metric whose samples; absent for all of the device
 * @param action delete, set, offset, scale or points
 * @param from start of the range, inclusive
 * @param to its end, exclusive
 * @param value of set, offset and scale
 * @param points how many points were given
 * @param status accepted (on its way), applying, done or failed
 * @param appliedBefore what is older than this is done
 * @param before samples in the range before
 * @param after samples in the range afterwards
 * @param windows windows that were taken away or are made anew
 * @param windowsPending those of them that wait to be made anew
 * @param failure why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Correction(
        UUID id,
        String device,
        @Nullable String metric,
        String action,
        Instant from,
        Instant to,
        @Nullable Double value,
        int points,
        String reason,
        String requestedBy,
        Instant requestedAt,
        String status,
        @Nullable Instant appliedBefore,
        HeldSamples before,
        HeldSamples after,
        long windows,
        long windowsPending,
        @Nullable String failure,
        @Nullable Instant finishedAt) {
    /**
     * What a range held.
     *
     * @param rows how many samples
     * @param fingerprint sum, modulo 2^64, of the first 8 bytes of MD5 of {@code metric,time in µs,value} of each
     */
    record HeldSamples(long rows, String fingerprint) {}
}
