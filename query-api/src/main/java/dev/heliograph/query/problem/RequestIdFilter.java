package dev.heliograph.query.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.MDC;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request an id, in the header {@code X-Request-Id}, in problems and in the log; counts requests and errors.
 * The id is ours: one sent by the caller is ignored, so that two requests never share one.
 */
public final class RequestIdFilter extends OncePerRequestFilter {
    /** Name of the header, and of the request attribute that holds the id. */
    public static final String HEADER = "X-Request-Id";

    private static final String MDC_KEY = "requestId";

    private final ProblemWriter problems;
    private final Counter requests;
    private final Counter errors;

    /** Counts into {@code heliograph.query.requests} and {@code heliograph.query.errors} (answers of 500 and above). */
    public RequestIdFilter(ProblemWriter problems, MeterRegistry meters) {
        this.problems = problems;
        this.requests = Counter.builder("heliograph.query.requests").register(meters);
        this.errors = Counter.builder("heliograph.query.errors").register(meters);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = UUID.randomUUID().toString();
        request.setAttribute(HEADER, id);
        response.setHeader(HEADER, id);
        MDC.put(MDC_KEY, id);
        requests.increment();
        try {
            chain.doFilter(request, response);
        } catch (AuthenticationServiceException providerAway) {
            problems.write(request, response, ProblemAdvice.identityUnavailable());
        } finally {
            MDC.remove(MDC_KEY);
            if (response.getStatus() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
                errors.increment();
            }
        }
    }

    /** The id of a request; empty before this filter ran. */
    static String idOf(HttpServletRequest request) {
        return request.getAttribute(HEADER) instanceof String id ? id : "";
    }
}
