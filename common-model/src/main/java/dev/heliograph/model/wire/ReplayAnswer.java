package dev.heliograph.model.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a {@link ReplayRequest}, or would: one result for each message, in their order. */
public record ReplayAnswer(int v, List<Result> results) {
    /** All of it was accepted. */
    public static final String ACCEPTED = "accepted";
    /** Some of it was. */
    public static final String PARTIAL = "partial";
    /** Nothing was, for the reasons told. */
    public static final String REFUSED = "refused";
    /** Kafka did not take it in time; it may be asked again. */
    public static final String FAILED = "failed";

    /** Reads and writes the body. */
    public static final WireCodec<ReplayAnswer> CODEC = WireCodec.of(ReplayAnswer.class);

    /**
     * What came of one message.
     *
     * @param readings how many readings were accepted
     * @param samples how many samples they hold
     * @param refusals what is still refused, the first ten
     * @param preview the first ten samples
     */
    public record Result(
            String id, String outcome, int readings, int samples, List<Refusal> refusals, List<Sample> preview) {}

    /** Why a part is refused. */
    public record Refusal(String reason, String detail) {}

    /**
     * A sample that would be stored.
     *
     * @param ts its time, µs since the epoch
     */
    public record Sample(
            String device,
            long ts,
            String metric,
            String value,
            @Nullable Long seq) {}
}
