package dev.heliograph.model.reading;

import org.jspecify.annotations.Nullable;

/**
 * Where a device was at the instant of a reading, WGS 84.
 *
 * @param latitude degrees, -90 to 90
 * @param longitude degrees, -180 to 180
 * @param altitude metres above the ellipsoid, or null where it was not reported
 */
public record Location(
        double latitude, double longitude, @Nullable Double altitude) {
    /** @throws IllegalArgumentException if a coordinate is out of its range or not a number */
    public Location {
        if (!(latitude >= -90 && latitude <= 90)) {
            throw new IllegalArgumentException("latitude must be within -90..90, was " + latitude);
        }
        if (!(longitude >= -180 && longitude <= 180)) {
            throw new IllegalArgumentException("longitude must be within -180..180, was " + longitude);
        }
        if (altitude != null && !Double.isFinite(altitude)) {
            throw new IllegalArgumentException("altitude must be finite, was " + altitude);
        }
    }
}
