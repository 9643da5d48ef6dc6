package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was refused: a whole message, one reading of an array, or one sample of a reading.
 *
 * @param reason why
 * @param detail the reason in words, at most {@link #MAX_DETAIL_LENGTH} characters, printable, without the payload
 * @param pointer JSON Pointer (RFC 6901) to what is wrong; empty for the whole message
 * @param metric the metric concerned, or null where none or no valid one is named
 * @param index which reading of the message, from 0; -1 for the whole message
 */
public record Refusal(
        Reason reason,
        String detail,
        String pointer,
        @Nullable String metric,
        int index) {

    /** Longest detail, in UTF-16 characters. */
    public static final int MAX_DETAIL_LENGTH = 256;

    /** Longest pointer, in UTF-16 characters. */
    public static final int MAX_POINTER_LENGTH = 128;

    /** Cuts and cleans the texts: what a device sent must not forge a log line or grow an answer. */
    public Refusal {
        detail = Printable.cut(detail, MAX_DETAIL_LENGTH);
        pointer = Printable.cut(pointer, MAX_POINTER_LENGTH);
    }

    /** A refusal of the whole message. */
    public static Refusal ofMessage(Reason reason, String detail) {
        return new Refusal(reason, detail, "", null, -1);
    }

    /** One line: code, pointer and detail. */
    public String describe() {
        return reason.code() + (pointer.isEmpty() ? "" : " at " + pointer) + ": " + detail;
    }
}
