package dev.heliograph.query.history;

/** The texts that the store can hold: without NUL, and without half a surrogate pair, which UTF-8 cannot say. */
final class StorableText {
    private StorableText() {}

    static boolean holds(String text) {
        return text.codePoints()
                .noneMatch(
                        point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }
}
