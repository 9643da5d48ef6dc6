package dev.heliograph.query.data;

import dev.heliograph.query.data.DeviceSelection.Selected;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What series are taken together by, besides their metric. */
sealed interface GroupKey {
    /** Its name in parameters and answers. */
    String name();

    /** The value of a device; null where it has none. */
    @Nullable
    String of(Selected device);

    record Device() implements GroupKey {
        @Override
        public String name() {
            return "device";
        }

        @Override
        public String of(Selected device) {
            return device.id();
        }
    }

    record Site() implements GroupKey {
        @Override
        public String name() {
            return "site";
        }

        @Override
        public @Nullable String of(Selected device) {
            return device.site();
        }
    }

    record Type() implements GroupKey {
        @Override
        public String name() {
            return "type";
        }

        @Override
        public @Nullable String of(Selected device) {
            return device.type();
        }
    }

    record Label(String key) implements GroupKey {
        @Override
        public String name() {
            return LABEL + key;
        }

        @Override
        public @Nullable String of(Selected device) {
            return device.labels().get(key);
        }
    }

    String LABEL = "label:";

    static Optional<GroupKey> parse(String text) {
        return switch (text) {
            case "device" -> Optional.of(new Device());
            case "site" -> Optional.of(new Site());
            case "type" -> Optional.of(new Type());
            default ->
                text.startsWith(LABEL) && text.length() > LABEL.length()
                        ? Optional.of(new Label(text.substring(LABEL.length())))
                        : Optional.empty();
        };
    }
}
