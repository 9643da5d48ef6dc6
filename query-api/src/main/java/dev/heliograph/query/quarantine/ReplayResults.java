package dev.heliograph.query.quarantine;

import dev.heliograph.model.reading.Micros;
import dev.heliograph.model.wire.ReplayAnswer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of a replay, or would: one result for each id, in the order asked.
 *
 * @param dryRun whether nothing was sent
 */
public record ReplayResults(boolean dryRun, List<Result> results) {
    /**
     * What came of one row.
     *
     * @param outcome {@code accepted}, {@code partial}, {@code refused}, {@code failed} (Kafka did not take it in time, ask
     *     again), {@code already-replayed}, {@code not-replayable} or {@code unknown}
     * @param detail why, in words
     * @param readings how many readings were accepted, or would be
     * @param samples how many samples they hold
     * @param refusals what is still refused, at most ten
     * @param preview the first ten samples that were or would be stored
     */
    @Schema(name = "ReplayResult")
    public record Result(
            UUID id,
            String outcome,
            String detail,
            int readings,
            int samples,
            List<Refusal> refusals,
            List<Sample> preview) {
        static Result without(UUID id, String outcome, String detail) {
            return new Result(id, outcome, detail, 0, 0, List.of(), List.of());
        }

        static Result of(UUID id, ReplayAnswer.Result told) {
            List<Refusal> refusals = told.refusals().stream()
                    .map(refusal -> new Refusal(refusal.reason(), refusal.detail()))
                    .toList();
            String still = refusals.stream()
                    .map(refusal -> refusal.reason() + ": " + refusal.detail())
                    .collect(Collectors.joining("; "));
            String detail = told.outcome().equals(ReplayAnswer.FAILED)
                    ? "Kafka did not take it in time; replay it again."
                    : told.readings() + " readings with " + told.samples() + " samples"
                            + (still.isEmpty() ? "" : "; still refused: " + still);
            return new Result(
                    id,
                    told.outcome(),
                    detail,
                    told.readings(),
                    told.samples(),
                    refusals,
                    told.preview().stream()
                            .map(sample -> new Sample(
                                    sample.device(),
                                    Micros.toInstant(sample.ts()),
                                    sample.metric(),
                                    sample.value(),
                                    sample.seq()))
                            .toList());
        }
    }

    /** Why a part is refused. */
    @Schema(name = "ReplayRefusal")
    public record Refusal(String reason, String detail) {}

    /** A sample. */
    @Schema(name = "ReplaySample")
    public record Sample(
            String device,
            Instant ts,
            String metric,
            String value,
            @Nullable Long seq) {}
}
