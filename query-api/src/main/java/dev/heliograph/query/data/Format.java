package dev.heliograph.query.data;

import dev.heliograph.query.problem.Problems;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

/** How an answer is written. */
enum Format {
    JSON("json", Format.JSON_TYPE),
    NDJSON("ndjson", Format.NDJSON_TYPE),
    CSV("csv", Format.CSV_TYPE);

    static final String JSON_TYPE = "application/json";
    static final String NDJSON_TYPE = "application/x-ndjson";
    static final String CSV_TYPE = "text/csv";

    private final String label;
    private final MediaType type;

    Format(String label, String type) {
        this.label = label;
        this.type = MediaType.parseMediaType(type);
    }

    String contentType() {
        return type + ";charset=UTF-8";
    }

    /** What the parameter says, else the first that the header accepts, else JSON. */
    static Format of(@Nullable String parameter, @Nullable String accept) {
        if (parameter != null) {
            for (Format format : values()) {
                if (format.label.equals(parameter)) {
                    return format;
                }
            }
            throw Problems.badParameter("format", "must be json, ndjson or csv");
        }
        if (accept == null) {
            return JSON;
        }
        try {
            List<MediaType> wanted = MediaType.parseMediaTypes(accept);
            MimeTypeUtils.sortBySpecificity(wanted);
            wanted.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
            for (MediaType one : wanted) {
                for (Format format : values()) {
                    if (one.includes(format.type)) {
                        return format;
                    }
                }
            }
        } catch (InvalidMediaTypeException | InvalidMimeTypeException unreadable) {
            return JSON;
        }
        return JSON;
    }
}
