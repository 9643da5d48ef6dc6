package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.Nullable;

/**
 * One pass over one document of values, objects and arrays, in whatever encoding. What is not well-formed, too deep or too
 * long ends the pass by {@link Rejected}. Not thread-safe: one for each document.
 */
interface DocumentReader extends AutoCloseable {
    /** Deepest nesting of objects and arrays; deeper than any reading, shallow enough for any stack. */
    int MAX_DEPTH = 16;

    /** Longest name of a member, in bytes or UTF-16 characters. */
    int MAX_NAME_LENGTH = 256;

    /** Longest text, in bytes or UTF-16 characters. */
    int MAX_TEXT_LENGTH = 1_024;

    /** What a reader stands on. */
    enum Token {
        START_OBJECT,
        END_OBJECT,
        START_ARRAY,
        END_ARRAY,
        TEXT,
        INTEGER,
        DECIMAL,
        TRUE,
        FALSE,
        NULL,
        /** A value that JSON does not have: a byte string, an undefined or simple value of CBOR. */
        OTHER;

        boolean isStart() {
            return this == START_OBJECT || this == START_ARRAY;
        }

        boolean isNumber() {
            return this == INTEGER || this == DECIMAL;
        }
    }

    /** The next token; null at the end of the input. */
    @Nullable
    Token next();

    /** In an object: the name of the next member, or null at its end. */
    @Nullable
    String nextName();

    /** The token on which the reader stands. */
    Token token();

    /** The text on which the reader stands. */
    String text();

    /** The nearest double to the number on which the reader stands; not a number or infinite where it is none or too large. */
    double number();

    /** Whether the last {@link #number()} was an integer exactly as it was sent; true for a number with a fraction. */
    boolean isExact();

    /** Whether the number is said to be a time in seconds since the epoch; no number of JSON is. */
    default boolean isEpochSeconds() {
        return false;
    }

    /** What a document is called that is not well-formed. */
    Reason malformed();

    /** Passes over the value on which the reader stands. */
    default void skip() {
        if (!token().isStart()) {
            return;
        }
        int open = 1;
        while (open > 0) {
            Token token = next();
            if (token == null) {
                throw new Rejected(malformed(), "ends within a value");
            } else if (token.isStart()) {
                open++;
            } else if (token == Token.END_OBJECT || token == Token.END_ARRAY) {
                open--;
            }
        }
    }

    /** A whole number, also if written with a fraction of zero (1.0 is one); NaN where there is none. */
    default double whole() {
        if (!token().isNumber()) {
            return Double.NaN;
        }
        double value = number();
        return Double.isFinite(value) && value == Math.rint(value) ? value : Double.NaN;
    }

    @Override
    void close();
}
