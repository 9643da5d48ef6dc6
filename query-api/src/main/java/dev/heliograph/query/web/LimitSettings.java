package dev.heliograph.query.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much one request may ask for. {@code GET /me} tells callers.
 *
 * @param maxBodyBytes longest request body, bytes
 * @param bodyTime longest time that the service waits for the bytes of one body, all waits together
 * @param pageSize items of a page where the request does not say
 * @param maxPageSize most items of a page
 * @param countedItems up to here totals are exact; beyond, they say that there are more
 * @param maxPoints most points of one series in an answer
 * @param defaultPoints points of one series where the request does not say
 * @param maxMetrics most metrics in one range query
 * @param maxDevices most devices that one query may name
 * @param maxSeries most stored series that one query may put together
 * @param maxTop most groups that are told apart where only the largest are asked for
 * @param maxValues most numbers in one JSON answer
 * @param rawRange longest range that is answered with single measurements unless they are asked for
 * @param maxRange longest range of a query
 * @param maxRows most rows, estimated, that a range query may read
 * @param heavyQueries range queries that run at the same time
 * @param heavyWait longest wait for one of those places
 * @param answerTime longest time that one range query may take, its reader included
 * @param registerBatch most devices in one registration
 * @param maxRules most rules of a tenant
 * @param publishWait longest wait for a change to be published before the answer says 202
 */
@Validated
@ConfigurationProperties("heliograph.query.limits")
public record LimitSettings(
        @Min(1024) @DefaultValue("1048576") long maxBodyBytes,
        @DefaultValue("20s") Duration bodyTime,
        @Min(1) @Max(500) @DefaultValue("50") int pageSize,
        @Min(1) @Max(10_000) @DefaultValue("500") int maxPageSize,
        @Min(1) @DefaultValue("10000") int countedItems,
        @Min(10) @Max(1_000_000) @DefaultValue("10000") int maxPoints,
        @Min(10) @DefaultValue("1000") int defaultPoints,
        @Min(1) @DefaultValue("50") int maxMetrics,
        @Min(1) @DefaultValue("1000") int maxDevices,
        @Min(1) @DefaultValue("20000") int maxSeries,
        @Min(1) @DefaultValue("100") int maxTop,
        @Min(1_000) @DefaultValue("2000000") long maxValues,
        @DefaultValue("24h") Duration rawRange,
        @DefaultValue("1830d") Duration maxRange,
        @Min(1_000) @DefaultValue("5000000") long maxRows,
        @Min(1) @DefaultValue("6") int heavyQueries,
        @DefaultValue("2s") Duration heavyWait,
        @DefaultValue("5m") Duration answerTime,
        @Min(1) @Max(10_000) @DefaultValue("1000") int registerBatch,
        @Min(1) @DefaultValue("10000") int maxRules,
        @DefaultValue("5s") Duration publishWait) {}
