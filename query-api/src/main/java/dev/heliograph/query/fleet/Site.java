package dev.heliograph.query.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A place.
 *
 * @param timezone name of the IANA database
 * @param lat degrees north, null where it is not known
 * @param lon degrees east, null where it is not known
 * @param version grows with every change
 */
public record Site(
        String id,
        String name,
        String timezone,
        @Nullable Double lat,
        @Nullable Double lon,
        long version) {}
