package dev.heliograph.ingest.funnel;

/** Text from outside, made fit for a log line, a reason string and a database: no control characters, no half surrogates. */
public final class Printable {
    private static final char REPLACEMENT = '\uFFFD';

    private Printable() {}

    /** The text with unprintable characters replaced and cut to the length in UTF-16 characters. */
    public static String cut(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        if (isPlain(text, end)) {
            return end == text.length() ? text : text.substring(0, end);
        }
        StringBuilder clean = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append(isPrintable(c) ? c : REPLACEMENT);
            }
        }
        return clean.toString();
    }

    private static boolean isPlain(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(char c) {
        // Format characters include the right-to-left override, which makes a text look like another.
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
