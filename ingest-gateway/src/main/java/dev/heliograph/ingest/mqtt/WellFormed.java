package dev.heliograph.ingest.mqtt;

/**
 * Whether a text of a packet is what MQTT allows (MQTT 5, 1.5.4): neither the null character, nor bytes that are not UTF-8,
 * which the decoder has replaced by U+FFFD. A device that really means U+FFFD is refused as well; no name here contains it.
 */
final class WellFormed {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    static boolean text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || c == REPLACEMENT) {
                return false;
            }
        }
        return true;
    }
}
