package dev.heliograph.model.id;

/** The one grammar of tenant, device, site and metric names. ASCII by byte, so that no two look-alikes can differ. */
final class Identifiers {
    static final int MAX_LENGTH = 64;

    private Identifiers() {}

    /** {@code [a-z0-9][a-z0-9_-]{0,63}}: safe as a level of an MQTT topic, in a path and as a Kafka key. */
    static boolean isSlug(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !isLowerOrDigit(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLowerOrDigit(c) && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** {@code [A-Za-z][A-Za-z0-9_.-]{0,63}}. */
    static boolean isMetricName(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || !isLetter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !isDigit(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerOrDigit(char c) {
        return c >= 'a' && c <= 'z' || isDigit(c);
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
