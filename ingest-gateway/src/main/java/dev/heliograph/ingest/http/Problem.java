package dev.heliograph.ingest.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heliograph.ingest.funnel.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer by RFC 9457. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String requestId,
        @Nullable List<PartError> errors) {
    private static final String TYPES = "https://heliograph.dev/problems/";
    private static final int MAX_ERRORS = 100;

    /** One thing that is wrong with the body. */
    record PartError(String pointer, String reason, String detail) {
        static PartError of(Refusal refusal) {
            return new PartError(
                    refusal.pointer(),
                    refusal.reason().code(),
                    refusal.detail() + ". " + refusal.reason().hint());
        }
    }

    static Problem of(String slug, String title, int status, String detail, String requestId) {
        return new Problem(TYPES + slug, title, status, detail, requestId, null);
    }

    Problem with(List<Refusal> refusals) {
        List<PartError> parts =
                refusals.stream().limit(MAX_ERRORS).map(PartError::of).toList();
        return new Problem(type, title, status, detail, requestId, parts);
    }
}
