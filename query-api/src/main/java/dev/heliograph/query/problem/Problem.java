package dev.heliograph.query.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heliograph.query.problem.ProblemException.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as RFC 9457 has it.
 *
 * @param type URI of the kind of problem
 * @param title the same for every problem of the type
 * @param status the HTTP status
 * @param detail what happened this time
 * @param requestId what to quote when asking for help
 * @param errors what is wrong with which part of the request; absent where there is nothing to point at
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String requestId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Fault> errors) {
    /** What the last part of a type is put behind. */
    static final String TYPE_BASE = "https://heliograph.dev/problems/";

    static Problem of(ProblemException problem, String requestId) {
        return new Problem(
                TYPE_BASE + problem.slug(),
                problem.title(),
                problem.status().value(),
                problem.detail(),
                requestId,
                problem.faults().isEmpty() ? null : problem.faults());
    }
}
