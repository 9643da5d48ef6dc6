package dev.heliograph.stream.run;

import dev.heliograph.model.presence.PresencePolicy;
import dev.heliograph.model.window.WindowPolicy;
import dev.heliograph.stream.device.DevicePolicy;
import dev.heliograph.stream.device.LagPolicy;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the stream processor, {@code heliograph.stream.*}.
 *
 * @param applicationId name of the group, and beginning of the names of its changelogs; another name starts from nothing
 * @param stateDirectory where the state is kept on disk; keep it over restarts, or it is read back from Kafka
 * @param instance name of this instance in its heartbeat and, if {@code staticMembership}, in its group; empty: host and process id
 * @param staticMembership whether a restart within {@code sessionTimeout} keeps the assignment; needs an {@code instance} that stays the same
 * @param sessionTimeout how long an instance may be away before others take over its work
 * @param threads threads that share the partitions
 * @param standbyReplicas copies of the state on other instances, for a quick take-over
 * @param replication replicas of the changelogs; -1: the default of the brokers
 * @param exactlyOnce whether readings affect state and output exactly once (EOS v2), or at least once
 * @param commitInterval time between commits; with exactly-once it bounds how fresh the output can be
 * @param cacheBytes memory in front of the stores: several changes of a device in one commit interval are written once
 * @param deadLetterTopic topic for records that cannot be read
 * @param statusInterval time between heartbeats, and between looks at the lag
 * @param recovery what happens when a stream thread fails
 * @param windows when windows close, and their bounds
 * @param presence when a device is late or silent
 * @param lag when the pipeline is behind
 * @param tick time between two looks at the devices that are due
 * @param lookShare part of a stream thread's time that such looks may take; the rest is for readings
 * @param stateFormat in which the state of a device is written: that of an older version for as long as it may have to come back
 */
@Validated
@ConfigurationProperties("heliograph.stream")
public record StreamSettings(
        @NotBlank @DefaultValue("heliograph-stream") String applicationId,
        @NotNull @DefaultValue("data/stream-state") Path stateDirectory,
        @NotNull @DefaultValue("") String instance,
        @DefaultValue("false") boolean staticMembership,

        @NotNull @DurationMin(seconds = 6) @DurationMax(minutes = 30) @DefaultValue("30s")
        Duration sessionTimeout,

        @Min(1) @Max(64) @DefaultValue("1") int threads,
        @Min(0) @Max(5) @DefaultValue("0") int standbyReplicas,
        @Min(-1) @Max(7) @DefaultValue("-1") int replication,
        @DefaultValue("true") boolean exactlyOnce,

        @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 30) @DefaultValue("100ms")
        Duration commitInterval,

        @Min(0) @DefaultValue("33554432") long cacheBytes,
        @NotBlank @DefaultValue("quarantine") String deadLetterTopic,

        @NotNull @DurationMin(millis = 100) @DurationMax(seconds = 30) @DefaultValue("1s")
        Duration statusInterval,

        @Valid @NotNull @DefaultValue Recovery recovery,
        @Valid @NotNull @DefaultValue Windows windows,
        @Valid @NotNull @DefaultValue Presence presence,
        @Valid @NotNull @DefaultValue Lag lag,

        @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 10) @DefaultValue("200ms")
        Duration tick,

        @DecimalMin("0.05") @DecimalMax("0.95") @DefaultValue("0.5")
        double lookShare,

        @Min(DevicePolicy.OLDEST_STATE_FORMAT)
        @Max(DevicePolicy.STATE_FORMAT)
        @DefaultValue("" + DevicePolicy.STATE_FORMAT)
        int stateFormat) {

    /** Refuses a static membership without a name to keep. */
    public StreamSettings {
        if (staticMembership && instance.isBlank()) {
            throw new IllegalArgumentException("heliograph.stream.static-membership needs heliograph.stream.instance");
        }
    }

    /**
     * What happens when a stream thread fails.
     *
     * @param threadReplacements threads replaced within {@code period}, before everything is started anew
     * @param period over which replacements are counted
     * @param firstPause pause before the first new start; it doubles with each failure
     * @param longestPause longest pause
     * @param downAfter how long it may be down before the liveness probe says so
     */
    public record Recovery(
            @Min(0) @Max(1_000) @DefaultValue("5") int threadReplacements,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("5m")
            Duration period,

            @NotNull @DurationMin(millis = 100) @DefaultValue("1s")
            Duration firstPause,

            @NotNull @DurationMin(millis = 100) @DefaultValue("1m")
            Duration longestPause,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("5m")
            Duration downAfter) {}

    /**
     * When windows close; see {@link WindowPolicy}.
     *
     * @param lateness how far behind the newest sample of its device a window stays open
     * @param retention how long a closed window is kept for revisions
     * @param tellEvery shortest time between two results of a window
     * @param maxSamplesPerMinute samples of one series kept for a minute
     * @param maxSamplesPerDeviceMinute samples of all series of a device kept for a minute
     * @param maxMinutes minutes of one device kept at the same time
     * @param tellHoursEvery shortest time between two results of an open hour, and of its revisions
     * @param maxHours hours of one device kept at the same time
     * @param maxHourBytes bytes kept for one hour of one device
     */
    public record Windows(
            @NotNull @DurationMin(seconds = 0) @DurationMax(hours = 1) @DefaultValue("30s")
            Duration lateness,

            @NotNull @DurationMin(seconds = 0) @DurationMax(hours = 24) @DefaultValue("5m")
            Duration retention,

            @NotNull @DurationMin(millis = 0) @DurationMax(minutes = 1) @DefaultValue("1s")
            Duration tellEvery,

            @Min(1) @Max(60_000) @DefaultValue("1200") int maxSamplesPerMinute,
            @Min(1) @Max(60_000) @DefaultValue("20000") int maxSamplesPerDeviceMinute,
            @Min(2) @Max(2_000) @DefaultValue("32") int maxMinutes,

            @NotNull @DurationMin(millis = 0) @DurationMax(hours = 1) @DefaultValue("1m")
            Duration tellHoursEvery,

            @Min(2) @Max(100) @DefaultValue("8") int maxHours,

            @Min(1_000) @Max(750_000) @DefaultValue("250000")
            int maxHourBytes) {
        WindowPolicy policy() {
            return new WindowPolicy(
                    lateness,
                    retention,
                    tellEvery,
                    maxSamplesPerMinute,
                    maxSamplesPerDeviceMinute,
                    maxMinutes,
                    tellHoursEvery,
                    maxHours,
                    maxHourBytes);
        }
    }

    /**
     * When a device is late or silent; see {@link PresencePolicy}.
     *
     * @param lateFactor expected intervals without a reading after which it is late
     * @param silentFactor expected intervals without a reading after which it is silent
     * @param defaultInterval what is expected as long as nothing is declared or learned
     * @param minimumInterval smallest interval that is expected of any device
     * @param refresh shortest time between two records of an unchanged presence with a newer last-seen time; 0: none
     */
    public record Presence(
            @DecimalMin("1") @DecimalMax("1000") @DefaultValue("1.5")
            double lateFactor,

            @DecimalMin("1") @DecimalMax("1000") @DefaultValue("3")
            double silentFactor,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("1m")
            Duration defaultInterval,

            @NotNull @DurationMin(millis = 100) @DefaultValue("2s")
            Duration minimumInterval,

            @NotNull @DurationMin(seconds = 0) @DefaultValue("30s")
            Duration refresh) {
        PresencePolicy policy() {
            return new PresencePolicy(lateFactor, silentFactor, defaultInterval, minimumInterval);
        }
    }

    /**
     * When the pipeline is behind; see {@link LagPolicy}.
     *
     * @param behindAfter age of a reading from which it is
     * @param behindFromRecords readings waiting in a partition from which it is
     * @param settle longest time after a start in which it counts as behind while nothing is known
     * @param unreadyAfter how long a rebalance or a lag may last before the readiness probe says no
     */
    public record Lag(
            @NotNull @DurationMin(millis = 500) @DefaultValue("5s")
            Duration behindAfter,

            @Min(1) @DefaultValue("1000") long behindFromRecords,

            @NotNull @DurationMin(seconds = 0) @DefaultValue("30s")
            Duration settle,

            @NotNull @DurationMin(seconds = 1) @DefaultValue("2m")
            Duration unreadyAfter) {
        LagPolicy policy() {
            return new LagPolicy(behindAfter, behindFromRecords, settle);
        }
    }

    /** Everything by which devices are judged. */
    public DevicePolicy devicePolicy() {
        return new DevicePolicy(
                windows.policy(), presence.policy(), presence.refresh(), lag.policy(), tick, lookShare, stateFormat);
    }
}
