package dev.heliograph.query.devices;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device as callers see it.
 *
 * @param expectedIntervalSeconds declared time between readings; null where it is learned
 * @param mayBackfill whether it may bring readings of any age with its own key
 * @param openAlerts alerts that fire now, by severity
 * @param location where it stands; null where only its site, if any, is known
 * @param position where it was by its newest reading that said so; null where none has
 * @param metrics what it has reported so far; only in the answer for one device
 */
public record Device(
        String id,
        String name,
        @Nullable String type,
        @Nullable String site,
        Map<String, String> labels,
        boolean enabled,
        @Nullable Double expectedIntervalSeconds,
        boolean mayBackfill,
        Presence presence,
        BySeverity openAlerts,
        Instant createdAt,
        long version,
        @Nullable String firmware,
        @Nullable Location location,
        @Nullable Position position,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Metric> metrics) {
    /**
     * Whether the device reports.
     *
     * @param state {@code reporting}, {@code late}, {@code silent}, {@code offline} or {@code unknown}
     * @param since when that state began
     * @param lastSeen when the newest reading was received
     * @param lastSampleTime the newest reading by the device's clock
     * @param connected whether it is connected by MQTT; null where that is not known
     * @param silentMetrics metrics that have stopped while others of the device go on
     */
    public record Presence(
            String state,
            Instant since,
            @Nullable Instant lastSeen,
            @Nullable Instant lastSampleTime,
            @Nullable Boolean connected,
            List<String> silentMetrics) {}

    /**
     * A place on the earth.
     *
     * @param lat degrees north, -90 to 90
     * @param lon degrees east, -180 to 180
     */
    public record Location(@Nullable Double lat, @Nullable Double lon) {}

    /**
     * A place that a device reported.
     *
     * @param lat degrees north, -90 to 90
     * @param lon degrees east, -180 to 180
     * @param altitude metres above the ellipsoid of WGS 84; null where it was not reported
     * @param time when it was there, by its clock
     */
    public record Position(double lat, double lon, @Nullable Double altitude, Instant time) {}

    /** Numbers of alerts. */
    @Schema(name = "DeviceAlerts")
    public record BySeverity(long critical, long warning, long info) {
        /** No alert. */
        public static final BySeverity NONE = new BySeverity(0, 0, 0);
    }

    /** A metric that the device has reported; {@code kind} is {@code number}, {@code boolean} or {@code state}. */
    @Schema(name = "DeviceMetric")
    public record Metric(String name, @Nullable String unit, String kind) {}

    Device withAlerts(BySeverity alerts) {
        return new Device(
                id,
                name,
                type,
                site,
                labels,
                enabled,
                expectedIntervalSeconds,
                mayBackfill,
                presence,
                alerts,
                createdAt,
                version,
                firmware,
                location,
                position,
                metrics);
    }

    Device withMetrics(List<Metric> reported) {
        return new Device(
                id,
                name,
                type,
                site,
                labels,
                enabled,
                expectedIntervalSeconds,
                mayBackfill,
                presence,
                openAlerts,
                createdAt,
                version,
                firmware,
                location,
                position,
                reported);
    }
}
