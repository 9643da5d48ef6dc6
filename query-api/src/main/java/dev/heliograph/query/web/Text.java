package dev.heliograph.query.web;

import dev.heliograph.query.problem.ProblemException.Fault;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of text in bodies; what is wrong is added to a list, so that the caller learns everything at once. */
public final class Text {
    /** Longest name, type or label value, UTF-16 characters. */
    public static final int MAX_NAME = 200;
    /** Most labels of a device or rule. */
    public static final int MAX_LABELS = 32;
    /** Longest label key, UTF-16 characters. */
    public static final int MAX_LABEL_KEY = 64;

    private Text() {}

    /** Notes a fault unless the text is 1 to {@link #MAX_NAME} characters without control characters. */
    public static void required(@Nullable String text, String pointer, List<Fault> faults) {
        if (text == null || text.isBlank()) {
            faults.add(new Fault(pointer, "is required"));
        } else {
            optional(text, pointer, MAX_NAME, faults);
        }
    }

    /** Notes a fault if the text is longer than the bound or has control characters; null passes. */
    public static void optional(@Nullable String text, String pointer, int max, List<Fault> faults) {
        if (text != null && (text.length() > max || hasControls(text))) {
            faults.add(new Fault(pointer, "must be at most " + max + " characters without control characters"));
        }
    }

    /** Notes faults of labels: their number, keys and values; null passes. */
    public static void labels(@Nullable Map<String, String> labels, String pointer, List<Fault> faults) {
        if (labels == null) {
            return;
        }
        if (labels.size() > MAX_LABELS) {
            faults.add(new Fault(pointer, "may have " + MAX_LABELS + " entries"));
            return;
        }
        labels.forEach((key, value) -> {
            if (key.isBlank() || key.length() > MAX_LABEL_KEY || hasControls(key)) {
                faults.add(new Fault(pointer, "keys must have 1 to " + MAX_LABEL_KEY + " characters"));
            }
            required(value, pointer + "/" + key, faults);
        });
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> c < ' ' || c == 0x7f || Character.isSurrogate((char) c) && lone(text));
    }

    private static boolean lone(String text) {
        return text.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }
}
