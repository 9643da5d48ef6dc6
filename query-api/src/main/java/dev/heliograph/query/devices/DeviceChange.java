package dev.heliograph.query.devices;

import dev.heliograph.model.id.SiteId;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import dev.heliograph.query.web.Coordinates;
import dev.heliograph.query.web.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator says about a device.
 *
 * @param name what people call it; the id where it is absent
 * @param expectedIntervalSeconds time between readings, 0.1 s to 30 days; null to have it learned
 * @param enabled whether it may connect; true where it is absent
 * @param firmware version of what runs on it
 * @param location where it stands, both numbers or none
 * @param mayBackfill whether it may bring readings of any age with its own key; false where it is absent
 */
public record DeviceChange(
        @Nullable String name,
        @Nullable String type,
        @Nullable String site,
        @Nullable Map<String, String> labels,
        @Nullable Double expectedIntervalSeconds,
        @Nullable Boolean enabled,
        @Nullable String firmware,
        Device.@Nullable Location location,
        @Nullable Boolean mayBackfill) {
    private static final double LEAST_INTERVAL_SECONDS = 0.1;
    private static final double MOST_INTERVAL_SECONDS = 30 * 86_400.0;

    /** The same with everything said that the store would fill in for the device of this id. */
    DeviceChange named(String id) {
        return new DeviceChange(
                name == null ? id : name,
                type,
                site,
                labels == null ? Map.of() : labels,
                expectedIntervalSeconds,
                !Boolean.FALSE.equals(enabled),
                firmware,
                location,
                Boolean.TRUE.equals(mayBackfill));
    }

    /** @throws dev.heliograph.query.problem.ProblemException 400 with everything that is wrong */
    void check() {
        List<Fault> faults = new ArrayList<>();
        check("", faults);
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults);
        }
    }

    void check(String at, List<Fault> faults) {
        if (name != null) {
            Text.required(name, at + "/name", faults);
        }
        Text.optional(type, at + "/type", Text.MAX_NAME, faults);
        Text.labels(labels, at + "/labels", faults);
        if (site != null && SiteId.parse(site).isEmpty()) {
            faults.add(new Fault(at + "/site", "must match [a-z0-9][a-z0-9_-]{0,63}"));
        }
        Text.optional(firmware, at + "/firmware", Text.MAX_NAME, faults);
        if (location != null) {
            Coordinates.check(location.lat(), location.lon(), at + "/location", faults);
        }
        Double interval = expectedIntervalSeconds;
        if (interval != null && !(interval >= LEAST_INTERVAL_SECONDS && interval <= MOST_INTERVAL_SECONDS)) {
            faults.add(new Fault(at + "/expectedIntervalSeconds", "must be within 0.1 and 2592000"));
        }
    }

    @Nullable
    Long expectedIntervalMillis() {
        Double interval = expectedIntervalSeconds;
        return interval == null ? null : Math.round(interval * 1_000);
    }
}
