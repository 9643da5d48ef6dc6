package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.funnel.DeviceNames;
import dev.heliograph.model.id.DeviceId;
import dev.heliograph.model.id.MetricName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How Sparkplug's names, which may be any text, become the platform's. The rules look at one name alone, so the same name
 * becomes the same everywhere and always; that two names become one is for the callers to find.
 */
final class Names {
    private static final String LEVEL = "_";

    private Names() {}

    /**
     * The device that an edge node (device null) or a device of it is: each name by {@link DeviceNames#SLUG}, the two joined
     * by {@code _}. Empty where a name leaves nothing or the whole has more than 64 characters.
     */
    static Optional<DeviceId> deviceId(String node, @Nullable String device) {
        DeviceId ofNode = DeviceNames.SLUG.id(node);
        if (ofNode == null || device == null) {
            return Optional.ofNullable(ofNode);
        }
        DeviceId ofDevice = DeviceNames.SLUG.id(device);
        return ofDevice == null ? Optional.empty() : DeviceId.parse(ofNode + LEVEL + ofDevice);
    }

    /**
     * The metric of a name: a slash becomes {@code .}, any other character outside {@code [A-Za-z0-9_.-]} becomes {@code _},
     * and {@code m} goes before what then starts with no letter. Empty where that has more than 64 characters or the name has none.
     */
    static Optional<MetricName> metric(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(name.length() + 1);
        name.codePoints().forEach(c -> {
            boolean legal = isAsciiLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '-';
            text.append(legal ? (char) c : c == '/' ? '.' : '_');
        });
        if (!isAsciiLetter(text.charAt(0))) {
            text.insert(0, 'm');
        }
        return MetricName.parse(text.toString());
    }

    private static boolean isAsciiLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
