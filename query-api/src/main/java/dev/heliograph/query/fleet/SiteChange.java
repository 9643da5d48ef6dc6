package dev.heliograph.query.fleet;

import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.Coordinates;
import dev.heliograph.query.web.Text;
import dev.heliograph.query.web.Zones;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator says about a site.
 *
 * @param timezone name of the IANA database; {@code UTC} where it is absent
 * @param lat degrees, together with {@code lon} or not at all
 */
public record SiteChange(
        @Nullable String name,
        @Nullable String timezone,
        @Nullable Double lat,
        @Nullable Double lon) {
    /** @throws dev.heliograph.query.problem.ProblemException 400 with everything that is wrong */
    void check() {
        List<Fault> faults = new ArrayList<>();
        Text.required(name, "/name", faults);
        if (timezone != null && Zones.of(timezone).isEmpty()) {
            faults.add(new Fault("/timezone", "must be a zone of the IANA database, such as Europe/Berlin"));
        }
        if (lat != null || lon != null) {
            Coordinates.check(lat, lon, "", faults);
        }
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
    }

    String zone() {
        return timezone == null ? "UTC" : timezone;
    }
}
