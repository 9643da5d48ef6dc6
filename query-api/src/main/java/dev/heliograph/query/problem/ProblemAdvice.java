package dev.heliograph.query.problem;

import dev.heliograph.query.problem.ProblemException.Fault;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns whatever ends a request early into a problem. What nobody expected is 500 and logged; its text stays here. */
@RestControllerAdvice
public final class ProblemAdvice {
    /** The last part of the type of 503 where the store can not answer. */
    public static final String STORE_UNAVAILABLE = "store-unavailable";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final Duration RETRY_STORE = Duration.ofSeconds(2);
    private static final int MAX_DETAIL = 300;

    private final ProblemWriter writer;

    public ProblemAdvice(ProblemWriter writer) {
        this.writer = writer;
    }

    @ExceptionHandler(Exception.class)
    void handle(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (failure instanceof AsyncRequestNotUsableException) {
            return; // the caller has gone; there is nobody to tell
        }
        if (response.isCommitted() && isSilence(failure)) {
            return; // the container has given up the connection, and it is the caller's fault
        }
        if (response.isCommitted()) {
            // Part of an answer is out. Ended in good order it would look whole, so the container has to break it off.
            LOG.warn("{} {} broke off: {}", request.getMethod(), request.getRequestURI(), failure.getMessage());
            throw new IOException("broken off", failure);
        }
        writer.write(request, response, translate(failure, request));
    }

    /** Whether the rest of the body did not come for longer than a read may take. */
    private static boolean isSilence(Exception failure) {
        if (failure instanceof HttpMessageNotReadableException) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketTimeoutException) {
                    return true;
                }
            }
        }
        return false;
    }

    /** 503: the keys of the identity provider can not be had. */
    static ProblemException identityUnavailable() {
        return Problems.unavailable(
                "identity-unavailable", "The identity provider can not be reached.", Duration.ofSeconds(5));
    }

    private static ProblemException translate(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case ProblemException problem -> problem;
            case HttpMessageNotReadableException unreadable -> unreadable(unreadable);
            case MissingServletRequestParameterException missing ->
                Problems.badParameter(missing.getParameterName(), "is required");
            case MethodArgumentTypeMismatchException mismatch -> mismatch(mismatch);
            case TypeMismatchException mismatch ->
                Problems.badParameter(String.valueOf(mismatch.getPropertyName()), "is not valid");
            case RequestRejectedException odd -> of(HttpStatus.BAD_REQUEST, "bad-request", "The request is not valid");
            case InvalidParameterException broken ->
                of(HttpStatus.BAD_REQUEST, "bad-request", "The request is not valid");
            case AccessDeniedException denied -> Problems.forbidden("The token does not allow this.");
            case ErrorResponse known -> ofStatus(known);
            case QueryTimeoutException slow ->
                Problems.unavailable("query-timeout", "The query took too long; ask for less.", RETRY_STORE);
            case DataAccessResourceFailureException away -> storeUnavailable(away);
            case TransientDataAccessException away -> storeUnavailable(away);
            case CannotCreateTransactionException away -> storeUnavailable(away);
            // A connection that is lost in the middle: what fails last is the attempt to roll back.
            case TransactionSystemException away -> storeUnavailable(away);
            default -> unexpected(failure, request);
        };
    }

    private static ProblemException mismatch(MethodArgumentTypeMismatchException mismatch) {
        for (Throwable cause = mismatch.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem;
            }
        }
        return Problems.badParameter(mismatch.getName(), "is not valid");
    }

    private static ProblemException unreadable(HttpMessageNotReadableException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ProblemException problem -> {
                    return problem;
                }
                case JacksonException malformed -> {
                    return badJson(malformed);
                }
                default -> {}
            }
        }
        return Problems.badBody("", "a JSON body is required");
    }

    /** 400 for JSON of a caller that does not fit what is read from it. */
    public static ProblemException badJson(JacksonException failure) {
        return failure instanceof UnrecognizedPropertyException
                ? Problems.badBody(pointer(failure), "is not a field of this body")
                : Problems.badBody(pointer(failure), brief(failure.getOriginalMessage()));
    }

    private static String pointer(JacksonException failure) {
        return failure.getPath().stream()
                .map(step -> "/" + (step.getPropertyName() == null ? step.getIndex() : step.getPropertyName()))
                .collect(Collectors.joining());
    }

    // The parser's sentences name Java types in brackets; the first clause is the part for people.
    private static String brief(String message) {
        int end = message.indexOf(" (");
        String clause = end > 0 ? message.substring(0, end) : message;
        String plain = clause.replaceAll("(?:class )?dev\\.heliograph\\.[\\w.$]+", "the expected type")
                .replaceAll("`[^`]*`|\\[[a-z ]*type, class [^\\]]*\\]", "the expected type");
        return plain.length() <= MAX_DETAIL ? plain : plain.substring(0, MAX_DETAIL);
    }

    private static ProblemException ofStatus(ErrorResponse known) {
        HttpStatus status = HttpStatus.valueOf(known.getStatusCode().value());
        ProblemException problem = switch (status) {
            case NOT_FOUND -> Problems.notFound();
            case BAD_REQUEST -> of(status, "bad-request", "The request is not valid");
            case METHOD_NOT_ALLOWED -> of(status, "method-not-allowed", "The method is not allowed here");
            case NOT_ACCEPTABLE -> of(status, "not-acceptable", "There is no such representation");
            case UNSUPPORTED_MEDIA_TYPE -> of(status, "unsupported-media-type", "The media type is not supported");
            default -> of(status, "http-" + status.value(), status.getReasonPhrase());
        };
        copy(known.getHeaders(), HttpHeaders.ALLOW, problem);
        copy(known.getHeaders(), HttpHeaders.ACCEPT, problem);
        return problem;
    }

    private static void copy(HttpHeaders from, String name, ProblemException to) {
        List<String> values = from.get(name);
        if (values != null) {
            to.withHeader(name, String.join(", ", values));
        }
    }

    private static ProblemException of(HttpStatus status, String slug, String title) {
        return new ProblemException(status, slug, title, title + ".", List.<Fault>of());
    }

    /** 503: the store can not answer; logged. */
    public static ProblemException storeUnavailable(Exception away) {
        LOG.warn("The store can not answer: {}", away.getMessage());
        return Problems.unavailable(STORE_UNAVAILABLE, "The store can not answer now.", RETRY_STORE);
    }

    private static ProblemException unexpected(Exception failure, HttpServletRequest request) {
        LOG.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
        return new ProblemException(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Something is wrong on our side",
                "The request failed; quote its id when you report it.",
                List.of());
    }
}
