package dev.heliograph.writer.plan;

/** The texts that PostgreSQL can hold: without NUL, and without half a surrogate pair, which UTF-8 cannot say. */
final class StorableText {
    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    static boolean holds(String text) {
        return of(text).equals(text);
    }

    /** The text with a replacement character for what cannot be held. */
    static String of(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                        ? REPLACEMENT
                        : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
