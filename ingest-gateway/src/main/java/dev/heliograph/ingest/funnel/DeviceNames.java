package dev.heliograph.ingest.funnel;

import dev.heliograph.model.id.DeviceId;
import org.jspecify.annotations.Nullable;

/** How a name of a device in a topic or payload becomes the id of a registered device. */
public enum DeviceNames {
    /** The name is the id. */
    EXACT {
        @Override
        @Nullable
        public DeviceId id(String name) {
            return DeviceId.parse(name).orElse(null);
        }
    },
    /**
     * For layouts whose names are free text: capital letters of ASCII become small ones, and every run of other characters
     * than letters, digits, {@code _} and {@code -} becomes one {@code -} ({@code Living Room} is {@code living-room}).
     * Two names may so become one id; who may report for which device is judged by the id.
     */
    SLUG {
        @Override
        @Nullable
        public DeviceId id(String name) {
            DeviceId exact = DeviceId.parse(name).orElse(null);
            return exact == null ? DeviceId.parse(slug(name)).orElse(null) : exact;
        }
    };

    private static final int MAX_NAME_LENGTH = 256;

    /** The id, or null where the name cannot be one. */
    public abstract @Nullable DeviceId id(String name);

    private static String slug(String name) {
        StringBuilder slug = new StringBuilder(Math.min(name.length(), MAX_NAME_LENGTH));
        boolean gap = false;
        for (int i = 0; i < Math.min(name.length(), MAX_NAME_LENGTH); i++) {
            char c = name.charAt(i);
            char lower = c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
            boolean kept = lower >= 'a' && lower <= 'z' || lower >= '0' && lower <= '9' || lower == '_' || lower == '-';
            if (!kept) {
                gap = slug.length() > 0;
                continue;
            }
            if (gap) {
                slug.append('-');
                gap = false;
            }
            slug.append(lower);
        }
        return slug.toString();
    }
}
