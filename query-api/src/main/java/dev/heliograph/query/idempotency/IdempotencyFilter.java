package dev.heliograph.query.idempotency;

import dev.heliograph.query.problem.ProblemAdvice;
import dev.heliograph.query.problem.ProblemException;
import dev.heliograph.query.problem.ProblemWriter;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.security.Caller;
import dev.heliograph.query.security.Callers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Runs {@link Repeatable} operations once for each key. Behind the limit of bodies, so that what is read here is bounded by it;
 * what is kept of an answer is bounded by what these operations answer.
 */
public final class IdempotencyFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final List<String> KEPT = List.of(HttpHeaders.LOCATION, HttpHeaders.ETAG);

    private final Idempotency idempotency;
    private final RequestMappingHandlerMapping operations;
    private final ProblemWriter problems;

    IdempotencyFilter(Idempotency idempotency, RequestMappingHandlerMapping operations, ProblemWriter problems) {
        this.idempotency = idempotency;
        this.operations = operations;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Caller> caller = Callers.find();
        if (caller.isEmpty() || request.getHeader(Repeatable.HEADER) == null || !isRepeatable(request)) {
            chain.doFilter(request, response);
            return;
        }
        Optional<KeptAnswer> earlier;
        IdempotencyKey key;
        byte[] body;
        try {
            key = key(request);
            body = request.getInputStream().readAllBytes();
            earlier = idempotency.begin(caller.get(), key, hash(request, body));
        } catch (ProblemException refused) {
            problems.write(request, response, refused);
            return;
        } catch (IOException cutOff) {
            problems.write(request, response, Problems.badBody("", "could not be read to its end"));
            return;
        } catch (DataAccessResourceFailureException | TransientDataAccessException away) {
            problems.write(request, response, ProblemAdvice.storeUnavailable(away));
            return;
        }
        if (earlier.isPresent()) {
            again(response, earlier.get());
        } else {
            first(caller.get(), key, new Buffered(request, body), response, chain);
        }
    }

    private void first(
            Caller caller,
            IdempotencyKey key,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(response);
        boolean ended = false;
        try {
            chain.doFilter(request, kept);
            ended = true;
        } finally {
            try {
                if (!ended || leavesOpen(request)) {
                    idempotency.doubt(caller, key, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
                } else if (kept.getStatus() / 100 == 2) {
                    idempotency.complete(caller, key, answer(kept));
                } else {
                    idempotency.release(caller, key);
                }
            } catch (DataAccessResourceFailureException | TransientDataAccessException away) {
                // The request has ended as it has; that it can not be told again is the smaller loss.
                LOG.warn("An idempotency key stays in doubt: {}", away.getMessage());
            }
            kept.copyBodyToResponse();
        }
    }

    /** Whether it was refused in a way that does not tell whether it had taken effect: by a fault, or for want of the store. */
    private static boolean leavesOpen(HttpServletRequest request) {
        return ProblemWriter.written(request)
                .filter(problem -> problem.status() == HttpStatus.INTERNAL_SERVER_ERROR
                        || problem.slug().equals(ProblemAdvice.STORE_UNAVAILABLE))
                .isPresent();
    }

    private static void again(HttpServletResponse response, KeptAnswer answer) throws IOException {
        KeptAnswer.Head head = answer.head();
        response.setStatus(head.status());
        head.headers().forEach(response::setHeader);
        response.setHeader(Repeatable.REPLAYED, "true");
        if (head.contentType() != null) {
            response.setContentType(head.contentType());
        }
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    private static KeptAnswer answer(ContentCachingResponseWrapper response) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : KEPT) {
            String value = response.getHeader(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new KeptAnswer(
                new KeptAnswer.Head(response.getStatus(), headers, response.getContentType()),
                response.getContentAsByteArray());
    }

    private static IdempotencyKey key(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(Repeatable.HEADER));
        if (given.size() > 1) {
            throw Problems.badParameter(Repeatable.HEADER, "may be given once");
        }
        return IdempotencyKey.parse(given.getFirst());
    }

    private boolean isRepeatable(HttpServletRequest request) {
        try {
            if (!ServletRequestPathUtils.hasParsedRequestPath(request)) {
                ServletRequestPathUtils.parseAndCache(request);
            }
            HandlerExecutionChain chain = operations.getHandler(request);
            return chain != null
                    && chain.getHandler() instanceof HandlerMethod method
                    && method.hasMethodAnnotation(Repeatable.class);
        } catch (Exception noOperation) {
            return false; // the framework says why, further on
        }
    }

    /** What makes two requests the same: method, address with its parameters, media type and body. */
    private static byte[] hash(HttpServletRequest request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String head = request.getMethod() + "\n" + request.getRequestURI() + "\n" + request.getQueryString() + "\n"
                    + request.getContentType() + "\n";
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The request with its body to be read once more. */
    private static final class Buffered extends HttpServletRequestWrapper {
        private final byte[] body;

        Buffered(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        @Override
        public ServletInputStream getInputStream() {
            return new Bytes(body);
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Bytes extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        Bytes(byte[] body) {
            this.bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return bytes.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("requests are read by the thread that serves them");
        }
    }
}
