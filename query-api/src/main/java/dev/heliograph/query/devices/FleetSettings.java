package dev.heliograph.query.devices;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much of a fleet one request may touch.
 *
 * @param maxChange most devices that one change of many may touch
 * @param previewLife how long a previewed change may be carried out
 * @param previews most previewed changes of a tenant that wait; the oldest gives way
 * @param importRows most rows of one import
 * @param exports exports at a time, for each instance (then 503)
 * @param exportLabels most label keys of one export, each of which is a column
 * @param maxCells most squares of a map that a box may touch
 * @param refresh how old a summary or a map of the whole fleet may be, each shared by all of a tenant who look at it; one that
 *     takes long to count may be ten times as old as that takes
 */
@Validated
@ConfigurationProperties("heliograph.query.fleet")
public record FleetSettings(
        @Min(1) @Max(100_000) @DefaultValue("10000") int maxChange,
        @DefaultValue("15m") Duration previewLife,
        @Min(1) @DefaultValue("20") int previews,
        @Min(1) @Max(100_000) @DefaultValue("10000") int importRows,
        @Min(1) @DefaultValue("2") int exports,
        @Min(1) @Max(1_000) @DefaultValue("200") int exportLabels,
        @Min(1) @Max(100_000) @DefaultValue("10000") int maxCells,

        @DurationMin(millis = 100) @DurationMax(minutes = 10) @DefaultValue("1s")
        Duration refresh) {}
