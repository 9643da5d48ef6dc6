package dev.heliograph.query.web;

import dev.heliograph.query.problem.ProblemException.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks places on the earth, in degrees. */
public final class Coordinates {
    private Coordinates() {}

    /** Notes faults unless both are given and on the earth. */
    public static void check(@Nullable Double lat, @Nullable Double lon, String at, List<Fault> faults) {
        if (lat == null || lon == null) {
            faults.add(new Fault(at + (lat == null ? "/lat" : "/lon"), "lat and lon belong together"));
            return;
        }
        if (!(lat >= -90 && lat <= 90)) {
            faults.add(new Fault(at + "/lat", "must be within -90 and 90"));
        }
        if (!(lon >= -180 && lon <= 180)) {
            faults.add(new Fault(at + "/lon", "must be within -180 and 180"));
        }
    }
}
