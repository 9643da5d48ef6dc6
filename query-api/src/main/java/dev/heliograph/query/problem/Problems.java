package dev.heliograph.query.problem;

import dev.heliograph.query.problem.ProblemException.Fault;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;

/** The closed list of refusals. One method a type, so that status, slug and title always go together. */
public final class Problems {
    private Problems() {}

    /** 404, the same words whether the thing never existed or belongs to another tenant. */
    public static ProblemException notFound() {
        return new ProblemException(
                HttpStatus.NOT_FOUND, "not-found", "Not found", "There is nothing by this name.", List.of());
    }

    /** 400 for one parameter. */
    public static ProblemException badParameter(String name, String expected) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "bad-parameter",
                "A parameter is not valid",
                "Parameter '" + name + "' " + expected + ".",
                List.of(new Fault(name, expected)));
    }

    /** 400 for a search that stops making sense at a character, counted in UTF-16 characters from 0. */
    public static ProblemException badSearch(String name, int position, String reason) {
        String detail = "at character " + (position + 1) + ": " + reason;
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "bad-parameter",
                "A parameter is not valid",
                "Parameter '" + name + "' " + detail + ".",
                List.of(new Fault(name, detail, position)));
    }

    /** 400 for fields of the body. */
    public static ProblemException badBody(List<Fault> faults) {
        return new ProblemException(
                HttpStatus.BAD_REQUEST,
                "bad-body",
                "The body is not valid",
                faults.isEmpty()
                        ? "The body is not valid."
                        : faults.getFirst().pointer() + ": " + faults.getFirst().detail(),
                faults);
    }

    /** 400 for one field of the body. */
    public static ProblemException badBody(String pointer, String detail) {
        return badBody(List.of(new Fault(pointer, detail)));
    }

    /** 422: a well-formed query that asks for more than the limit that the detail names. */
    public static ProblemException overLimit(String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT, "over-limit", "More than a request may ask for", detail, List.of());
    }

    /** 409: the state of the thing does not allow it. */
    public static ProblemException conflict(String detail) {
        return new ProblemException(HttpStatus.CONFLICT, "conflict", "In conflict with what is", detail, List.of());
    }

    /** 409 with the things whose state does not allow it. */
    public static ProblemException conflict(String detail, List<Fault> faults) {
        return new ProblemException(HttpStatus.CONFLICT, "conflict", "In conflict with what is", detail, faults);
    }

    /** 412: the version that the caller saw is no longer the current one. */
    public static ProblemException stale(long current) {
        return new ProblemException(
                HttpStatus.PRECONDITION_FAILED,
                "stale",
                "Somebody else changed it",
                "The current version is " + current + "; read it and apply the change again.",
                List.of());
    }

    /** 428: a change of something that exists needs {@code If-Match}. */
    public static ProblemException versionRequired() {
        return new ProblemException(
                HttpStatus.PRECONDITION_REQUIRED,
                "version-required",
                "The version is needed",
                "Send the ETag of the version that you saw as If-Match.",
                List.of());
    }

    /** 403: the role does not reach. */
    public static ProblemException forbidden(String detail) {
        return new ProblemException(HttpStatus.FORBIDDEN, "forbidden", "Not allowed", detail, List.of());
    }

    /** 429: the caller has too many of something open. */
    public static ProblemException tooMany(String detail, Duration retryAfter) {
        return new ProblemException(HttpStatus.TOO_MANY_REQUESTS, "too-many", "Too many at once", detail, List.of())
                .withHeader("Retry-After", seconds(retryAfter));
    }

    /** 429: more requests than the quota allows. */
    public static ProblemException rateLimited(String who, Duration retryAfter) {
        return new ProblemException(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "rate-limited",
                        "Too many requests",
                        who + " more requests than the quota allows; RateLimit-Policy has it.",
                        List.of())
                .withHeader("Retry-After", seconds(retryAfter));
    }

    /** 409: the request with this idempotency key has not ended. */
    public static ProblemException keyInUse(Duration retryAfter) {
        return new ProblemException(
                        HttpStatus.CONFLICT,
                        "idempotency-key-in-use",
                        "The first request still runs",
                        "A request with this Idempotency-Key runs; ask again for its answer.",
                        List.of())
                .withHeader("Retry-After", seconds(retryAfter));
    }

    /** 409: the request with this idempotency key was cut off or failed, and may have taken effect. */
    public static ProblemException keyInDoubt() {
        return new ProblemException(
                HttpStatus.CONFLICT,
                "idempotency-in-doubt",
                "Nobody knows how the first request ended",
                "A request with this Idempotency-Key was cut off or failed. See whether it took effect; if it did not,"
                        + " send it with another key.",
                List.of());
    }

    /** 422: the idempotency key stands for another request. */
    public static ProblemException keyReused() {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "idempotency-key-reused",
                "The key stands for another request",
                "This Idempotency-Key came with another method, address or body before; each request needs a key of"
                        + " its own.",
                List.of());
    }

    /** 503: the service can not answer now. */
    public static ProblemException unavailable(String slug, String detail, Duration retryAfter) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, slug, "Not available now", detail, List.of())
                .withHeader("Retry-After", seconds(retryAfter));
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.toSeconds()));
    }
}
