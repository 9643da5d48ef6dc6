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
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses bodies over a size (413), by their announced length or while they are read; forms and compressed bodies (415). */
public final class BodyLimitFilter extends OncePerRequestFilter {
    private final ProblemWriter problems;
    private final long maxBytes;

    public BodyLimitFilter(ProblemWriter problems, long maxBytes) {
        this.problems = problems;
        this.maxBytes = maxBytes;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getHeader("Content-Encoding") != null) {
            problems.write(request, response, unsupported("Send the body without Content-Encoding."));
        } else if (isForm(request)) {
            problems.write(request, response, unsupported("Send the body as application/json."));
        } else if (request.getContentLengthLong() > maxBytes) {
            problems.write(request, response, tooLarge(maxBytes));
        } else {
            chain.doFilter(new Limited(request, maxBytes), response);
        }
    }

    // The container would read a form as if it were query parameters.
    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        String known = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return known.startsWith("application/x-www-form-urlencoded") || known.startsWith("multipart/");
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

    /** Counts what is read: a chunked body has no length that could be checked before. */
    private static final class Limited extends HttpServletRequestWrapper {
        private final long maxBytes;

        Limited(HttpServletRequest request, long maxBytes) {
            super(request);
            this.maxBytes = maxBytes;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counting(super.getInputStream(), maxBytes);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class Counting extends ServletInputStream {
        private final ServletInputStream body;
        private final long maxBytes;
        private long read;

        Counting(ServletInputStream body, long maxBytes) {
            this.body = body;
            this.maxBytes = maxBytes;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int got = body.read(buffer, offset, length);
            count(Math.max(got, 0));
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
