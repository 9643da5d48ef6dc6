package dev.heliograph.query.idempotency;

import dev.heliograph.query.problem.Problems;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller calls a request, by draft-ietf-httpapi-idempotency-key-header: a structured string, {@code "8e03978e-40d5-..."},
 * or the same without quotes, as many clients send it. It must be long enough not to be guessed, because the answer is sealed
 * with it.
 *
 * @param text without quotes
 */
record IdempotencyKey(String text) {
    private static final Pattern GRAMMAR =
            Pattern.compile("\"([A-Za-z0-9._:~+/=-]{16,128})\"|([A-Za-z0-9._:~+/=-]{16,128})");

    /**
     * Reads the header.
     *
     * @throws dev.heliograph.query.problem.ProblemException 400 where it is not of the grammar
     */
    static IdempotencyKey parse(String header) {
        Matcher match = GRAMMAR.matcher(header.strip());
        if (!match.matches()) {
            throw Problems.badParameter(
                    Repeatable.HEADER, "must be 16 to 128 letters, digits or ._:~+/=-, such as a UUID in quotes");
        }
        return new IdempotencyKey(match.group(1) == null ? match.group(2) : match.group(1));
    }
}
