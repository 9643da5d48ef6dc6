package dev.heliograph.query.web;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;

/** The time zones that requests may name: UTC, and those of the IANA database that name a place. */
public final class Zones {
    // Three-letter names are ambiguous (IST has three meanings), and SystemV is none of IANA's.
    private static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds().stream()
            .filter(name -> name.contains("/") && !name.startsWith("SystemV/"))
            .toList());

    private Zones() {}

    /** The zone of a name on the list; nothing else is even looked up. */
    public static Optional<ZoneId> of(String name) {
        if (name.equals("UTC")) {
            return Optional.of(ZoneOffset.UTC);
        }
        return NAMES.contains(name) ? Optional.of(ZoneId.of(name)) : Optional.empty();
    }
}
