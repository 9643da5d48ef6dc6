package dev.heliograph.query.devices;

import dev.heliograph.model.id.DeviceId;
import dev.heliograph.query.problem.ProblemException.Fault;
import dev.heliograph.query.problem.Problems;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many devices at once. Those that exist keep what is not given, and are enabled.
 *
 * @param issueCredentials whether each gets a new password; false where it is absent
 */
public record Registration(
        @Nullable List<Entry> devices, @Nullable Boolean issueCredentials) {
    /**
     * One device.
     *
     * @param mayBackfill whether it may bring readings of any age with its own key; a new one may not where it is absent
     */
    @Schema(name = "DeviceRegistration")
    public record Entry(
            @Nullable String id,
            @Nullable String name,
            @Nullable String type,
            @Nullable String site,
            @Nullable Map<String, String> labels,
            @Nullable Double expectedIntervalSeconds,
            @Nullable String firmware,
            Device.@Nullable Location location,
            @Nullable Boolean mayBackfill) {
        DeviceChange change() {
            return new DeviceChange(
                    name, type, site, labels, expectedIntervalSeconds, null, firmware, location, mayBackfill);
        }

        DeviceId deviceId() {
            if (id == null) {
                throw new IllegalStateException("check() must have refused a device without id");
            }
            return new DeviceId(id);
        }
    }

    /**
     * What became of them, in the order of the request.
     *
     * @param published whether Kafka has the change; if not, it is kept and published when Kafka is back
     */
    @Schema(name = "RegistrationResult")
    public record Result(List<Registered> devices, boolean published) {}

    /**
     * One device.
     *
     * @param created false where it existed
     * @param username what it connects with
     * @param password shown here and never again; null where none was asked for
     */
    public record Registered(
            String id,
            boolean created,
            String username,
            @Nullable String password) {}

    boolean withCredentials() {
        return Boolean.TRUE.equals(issueCredentials);
    }

    /** The devices, checked; throws 400 with everything that is wrong. */
    List<Entry> check(int most) {
        List<Entry> entries = devices;
        if (entries == null || entries.isEmpty() || entries.size() > most) {
            throw Problems.badBody("/devices", "must hold 1 to " + most + " devices");
        }
        List<Fault> faults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String at = "/devices/" + i;
            if (entry == null
                    || entry.id() == null
                    || DeviceId.parse(entry.id()).isEmpty()) {
                faults.add(new Fault(at + "/id", "must match [a-z0-9][a-z0-9_-]{0,63}"));
                continue;
            }
            if (!seen.add(entry.id())) {
                faults.add(new Fault(at + "/id", "is in the list twice"));
            }
            entry.change().check(at, faults);
        }
        if (!faults.isEmpty()) {
            throw Problems.badBody(faults.subList(0, Math.min(faults.size(), 20)));
        }
        return entries;
    }
}
