package dev.heliograph.ingest.funnel;

import org.jspecify.annotations.Nullable;

/**
 * The one rule of encoding: UTF-8 (RFC 3629) without byte order mark and without NUL. UTF-16 and UTF-32 of JSON contain NUL
 * bytes and compressed data breaks the grammar, so all of them end here.
 */
final class Utf8 {
    private static final int BOM_LENGTH = 3;

    private Utf8() {}

    /** What is wrong with the bytes, or null where they keep the rule. */
    static @Nullable String fault(byte[] bytes) {
        if (bytes.length >= BOM_LENGTH
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF) {
            return "byte order mark";
        }
        return fault(bytes, 0, bytes.length);
    }

    /** What is wrong with a slice, or null where it keeps the rule; a byte order mark is not looked for. */
    static @Nullable String fault(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte first = bytes[at];
            if (first > 0) {
                at++;
                continue;
            }
            if (first == 0) {
                return "NUL at byte " + at;
            }
            int length = sequenceLength(bytes, at);
            if (length == 0 || at + length > to) {
                return "not UTF-8 at byte " + at;
            }
            at += length;
        }
        return null;
    }

    /** Whether a text can be written as UTF-8 and stored: no half of a surrogate pair, no NUL. */
    static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** Length of the well-formed sequence of two to four bytes that starts here (Unicode table 3-7), or 0. */
    private static int sequenceLength(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first >= 0xC2 && first <= 0xDF) {
            return hasTail(bytes, at, 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            int low = first == 0xE0 ? 0xA0 : 0x80;
            int high = first == 0xED ? 0x9F : 0xBF;
            return hasTail(bytes, at, 2, low, high) ? 3 : 0;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            int low = first == 0xF0 ? 0x90 : 0x80;
            int high = first == 0xF4 ? 0x8F : 0xBF;
            return hasTail(bytes, at, 3, low, high) ? 4 : 0;
        }
        return 0;
    }

    private static boolean hasTail(byte[] bytes, int at, int tail, int secondLow, int secondHigh) {
        if (at + tail >= bytes.length) {
            return false;
        }
        int second = bytes[at + 1] & 0xFF;
        if (second < secondLow || second > secondHigh) {
            return false;
        }
        for (int i = 2; i <= tail; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
