package dev.heliograph.query.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes problems. It writes itself rather than through content negotiation: a caller that accepts only images must still
 * be told why there is none.
 */
public final class ProblemWriter {
    private static final String WRITTEN = ProblemWriter.class.getName() + ".written";

    private final JsonMapper json;

    public ProblemWriter(JsonMapper json) {
        this.json = json;
    }

    /** The problem that a request was answered with; empty where it was not refused, or by somebody else. */
    public static Optional<ProblemException> written(HttpServletRequest request) {
        return request.getAttribute(WRITTEN) instanceof ProblemException problem
                ? Optional.of(problem)
                : Optional.empty();
    }

    /** Answers with the problem, unless the answer is on its way already. */
    public void write(HttpServletRequest request, HttpServletResponse response, ProblemException problem)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        request.setAttribute(WRITTEN, problem);
        response.resetBuffer();
        response.setStatus(problem.status().value());
        problem.headers().forEach(response::setHeader);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        byte[] body = json.writeValueAsBytes(Problem.of(problem, RequestIdFilter.idOf(request)));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
