package dev.heliograph.query.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.coyote.CloseNowException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies over a size (413), by their announced length or while they are read; those that take too long to come (408),
 * however often a byte of them does; forms and compressed bodies (415).
 */
public final class BodyLimitFilter extends OncePerRequestFilter {
    private final ProblemWriter problems;
    private final long maxBytes;
    private final Duration maxWait;

    /**
     * A filter with its limits.
     *
     * @param maxWait longest time spent waiting for the bytes of one body; what is done between two reads does not count
     */
    public BodyLimitFilter(ProblemWriter problems, long maxBytes, Duration maxWait) {
        this.problems = problems;
        this.maxBytes = maxBytes;
        this.maxWait = maxWait;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Content-Encoding") != null) {
            problems.write(request, response, unsupported("Send the body without Content-Encoding."));
        } else if (isForm(request) || isWildcard(request)) {
            problems.write(request, response, unsupported("Send the body as application/json."));
        } else if (request.getContentLengthLong() > maxBytes) {
            problems.write(request, response, tooLarge(maxBytes));
        } else {
            Limited limited = new Limited(request, maxBytes, maxWait);
            chain.doFilter(limited, response);
            if (limited.gaveUp) {
                // In good order the container would wait for the rest of the body, however slow.
                response.flushBuffer();
                throw new CloseNowException("the body took too long");
            }
        }
    }

    // The container would read a form as if it were query parameters.
    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        String known = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return known.startsWith("application/x-www-form-urlencoded") || known.startsWith("multipart/");
    }

    // A range of types may be accepted, but nothing is of such a type.
    private static boolean isWildcard(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.split(";", 2)[0].contains("*");
    }

    private static ProblemException unsupported(String detail) {
        return new ProblemException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The media type is not supported",
                detail,
                List.of());
    }

    private static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                        HttpStatus.CONTENT_TOO_LARGE,
                        "too-large",
                        "The body is too large",
                        "A body may have " + maxBytes + " bytes.",
                        List.of())
                .withHeader("Connection", "close");
    }

    private static ProblemException tooSlow() {
        return new ProblemException(
                        HttpStatus.REQUEST_TIMEOUT,
                        "too-slow",
                        "The body takes too long",
                        "The rest of the body did not come in time.",
                        List.of())
                .withHeader("Connection", "close");
    }

    /** Counts what is read: a chunked body has no length that could be checked before. */
    private static final class Limited extends HttpServletRequestWrapper {
        private final long maxBytes;
        private final Duration maxWait;
        private boolean gaveUp;

        Limited(HttpServletRequest request, long maxBytes, Duration maxWait) {
            super(request);
            this.maxBytes = maxBytes;
            this.maxWait = maxWait;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counting(super.getInputStream(), maxBytes, maxWait, () -> gaveUp = true);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Counting extends ServletInputStream {
        private final ServletInputStream body;
        private final long maxBytes;
        private final Runnable onGivingUp;
        private long nanosLeft;
        private long read;

        Counting(ServletInputStream body, long maxBytes, Duration maxWait, Runnable onGivingUp) {
            this.onGivingUp = onGivingUp;
            this.body = body;
            this.maxBytes = maxBytes;
            this.nanosLeft = maxWait.toNanos();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            long asked = System.nanoTime();
            int got = body.read(buffer, offset, length);
            count(Math.max(got, 0));
            nanosLeft -= System.nanoTime() - asked;
            if (nanosLeft < 0 && got >= 0) {
                onGivingUp.run();
                throw tooSlow();
            }
            return got;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > maxBytes) {
                throw tooLarge(maxBytes);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
