package dev.heliograph.query.fleet;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fleet of a tenant at a glance. Alerts counted here fire; pending ones are counted apart.
 *
 * @param at when this was put together
 * @param countedUntil what became of devices until then is in {@code devices} and {@code sites}
 * @param dataThrough received before then is counted; null where that is not known
 * @param rates of the whole platform, null while not known
 * @param lag from receipt to here, of the newest readings of the platform; null without any
 * @param attention what fires, grouped by rule and site, worst first, at most 50
 */
public record FleetSummary(
        Instant at,
        Instant countedUntil,
        @Nullable Instant dataThrough,
        Presences devices,
        Alerts alerts,
        Rates rates,
        @Nullable Lag lag,
        List<SiteSummary> sites,
        List<Attention> attention) {
    /** Numbers of enabled devices by presence. */
    @Schema(name = "FleetPresences")
    public record Presences(long total, long reporting, long late, long silent, long offline, long unknown) {}

    /** Numbers of alerts. */
    @Schema(name = "FleetAlerts")
    public record Alerts(long critical, long warning, long info, long unacknowledged, long pending) {}

    /** Numbers of firing alerts by severity. */
    @Schema(name = "SiteAlerts")
    public record BySeverity(long critical, long warning, long info) {}

    /** A second. */
    public record Rates(
            @Nullable Double readingsPerSecond, @Nullable Double measurementsPerSecond) {}

    /** Seconds that half, and 99 of 100, of the newest readings took. */
    public record Lag(double secondsP50, double secondsP99) {}

    /** One site; devices without a site are not among them. */
    public record SiteSummary(
            String id,
            String name,
            @Nullable Double lat,
            @Nullable Double lon,
            String timezone,
            long devices,
            long reporting,
            long late,
            long silent,
            long offline,
            long unknown,
            BySeverity alerts) {}

    /** What fires for one rule at one site. */
    public record Attention(
            UUID ruleId,
            String ruleName,
            String severity,
            @Nullable String site,
            long devices,
            @Nullable Instant since) {}
}
