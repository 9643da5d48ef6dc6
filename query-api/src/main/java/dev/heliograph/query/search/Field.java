package dev.heliograph.query.search;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a device is compared with a text. */
public sealed interface Field {
    /** Its name as it is written in a search. */
    String text();

    /** A part that every device has room for. */
    enum Known implements Field {
        ID("id", Set.of()),
        NAME("name", Set.of()),
        TYPE("type", Set.of()),
        SITE("site", Set.of()),
        FIRMWARE("fw", Set.of()),
        /** Presence, as the platform judges it. */
        STATUS("status", Set.of("reporting", "late", "silent", "offline", "unknown")),
        /** Whether it may connect. */
        ENABLED("enabled", Set.of("true", "false")),
        /** A metric that it has reported. */
        METRIC("metric", Set.of()),
        /** Severity of an alert of the device that fires. */
        ALERT("alert", Set.of("critical", "warning", "info"));

        private final String text;
        private final Set<String> allowed;

        Known(String text, Set<String> allowed) {
            this.text = text;
            this.allowed = allowed;
        }

        @Override
        public String text() {
            return text;
        }

        /** The only values that it can have; empty where any text will do. */
        public Set<String> allowed() {
            return allowed;
        }
    }

    /** The value of one label. */
    record Label(String key) implements Field {
        @Override
        public String text() {
            return PREFIX + (PLAIN_KEY.matcher(key).matches() ? key : TextMatch.quoted(key));
        }
    }

    String PREFIX = "label.";
    Pattern PLAIN_KEY = Pattern.compile("[^\\s\":<>=!*()]+");

    /** The field of a name, whatever its case; {@code firmware} is {@code fw}. */
    static Optional<Field> named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith(PREFIX) && name.length() > PREFIX.length()) {
            return Optional.of(new Label(name.substring(PREFIX.length())));
        }
        String wanted = lower.equals("firmware") ? Known.FIRMWARE.text : lower;
        return Stream.of(Known.values())
                .filter(field -> field.text.equals(wanted))
                .map(Field.class::cast)
                .findFirst();
    }

    /** Every name, for people. */
    static String names() {
        List<String> names = Stream.of(Known.values()).map(Known::text).collect(Collectors.toList());
        names.add(PREFIX + "KEY");
        return String.join(", ", names);
    }
}
