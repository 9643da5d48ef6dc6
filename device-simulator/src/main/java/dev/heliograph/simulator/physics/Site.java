package dev.heliograph.simulator.physics;

import dev.heliograph.model.id.SiteId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * A place where devices stand.
 *
 * @param id its name in topics and tables
 * @param name for people
 * @param zone decides when the day begins there
 * @param latitude degrees north
 * @param longitude degrees east
 */
public record Site(SiteId id, String name, ZoneId zone, double latitude, double longitude) {
    private static final long MILLIS_PER_DAY = 86_400_000;

    /** The sites of a simulated fleet: four cities, four latitudes, three time zones. */
    public static final List<Site> ALL = List.of(
            of("berlin", "Berlin plant", "Europe/Berlin", 52.52, 13.405),
            of("lyon", "Lyon workshop", "Europe/Paris", 45.764, 4.8357),
            of("oslo", "Oslo offices", "Europe/Oslo", 59.9139, 10.7522),
            of("porto", "Porto warehouse", "Europe/Lisbon", 41.1579, -8.6291));

    private static Site of(String id, String name, String zone, double latitude, double longitude) {
        return new Site(new SiteId(id), name, ZoneId.of(zone), latitude, longitude);
    }

    /** Local time as ms since 1970 by the wall clock of the site. */
    long localMillis(long atMillis) {
        return atMillis
                + zone.getRules().getOffset(Instant.ofEpochMilli(atMillis)).getTotalSeconds() * 1_000L;
    }

    /** Hour of the local day, 0 to 24, with fractions. */
    double hourOfDay(long atMillis) {
        return Math.floorMod(localMillis(atMillis), MILLIS_PER_DAY) / 3_600_000.0;
    }

    /** Number of the local day since 1970-01-01, a Thursday. */
    long localDay(long atMillis) {
        return Math.floorDiv(localMillis(atMillis), MILLIS_PER_DAY);
    }

    /** Whether the local day is Monday to Friday. */
    static boolean isWorkday(long localDay) {
        return Math.floorMod(localDay + 3, 7) < 5;
    }
}
