package dev.heliograph.query.search;

/**
 * How a text must look.
 *
 * @param text what it is compared with; empty for {@link Kind#ANY}
 */
public record TextMatch(Kind kind, String text) {
    /** Any text at all. */
    public static final TextMatch ANY = new TextMatch(Kind.ANY, "");

    /** The ways to compare. */
    public enum Kind {
        /** The whole text, or, for a word, a part of it. */
        PLAIN,
        /** How it begins. */
        PREFIX,
        /** That there is one. */
        ANY
    }

    /** As it is written in a search, always in quotes where there is text. */
    String written() {
        return switch (kind) {
            case ANY -> "*";
            case PREFIX -> quoted(text) + "*";
            case PLAIN -> quoted(text);
        };
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
