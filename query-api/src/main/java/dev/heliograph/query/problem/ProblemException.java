package dev.heliograph.query.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that is refused, with everything that the caller is told about it. */
public final class ProblemException extends RuntimeException {
    /**
     * What is wrong with one part of the request.
     *
     * @param pointer a JSON pointer into the body, or the name of a parameter
     * @param detail what is expected there
     * @param position of the character in the text where it stops making sense, in UTF-16 characters from 0; absent where
     *     there is none
     */
    public record Fault(
            String pointer,
            String detail,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer position) {
        public Fault(String pointer, String detail) {
            this(pointer, detail, null);
        }
    }

    private final HttpStatus status;
    private final String slug;
    private final String title;
    private final List<Fault> faults;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /**
     * A refusal.
     *
     * @param slug last part of the problem's type, such as {@code not-found}
     * @param title the same sentence for every problem of the type
     * @param detail what happened this time
     */
    public ProblemException(HttpStatus status, String slug, String title, String detail, List<Fault> faults) {
        super(detail);
        this.status = status;
        this.slug = slug;
        this.title = title;
        this.faults = List.copyOf(faults);
    }

    /** Adds a header to the answer, such as {@code Retry-After}. */
    public ProblemException withHeader(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public HttpStatus status() {
        return status;
    }

    public String slug() {
        return slug;
    }

    public String title() {
        return title;
    }

    public String detail() {
        @Nullable String message = getMessage();
        return message == null ? title : message;
    }

    public List<Fault> faults() {
        return faults;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
