package dev.heliograph.query.system;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stage of the way of a reading.
 *
 * @param id {@code devices}, {@code gateway}, {@code kafka}, {@code stream}, {@code writer}, {@code store} or {@code api}
 * @param state {@code ok}, {@code degraded}, {@code down} or {@code unknown}
 * @param ratePerSecond readings a second; for the API, requests
 * @param lagSeconds how long a reading has waited before it
 * @param lagRecords how many readings wait before it
 * @param ageSeconds how long ago the instance that is silent for longest said something; null where nothing says anything
 * @param errors what it refused or failed in the last minute
 */
public record Stage(
        String id,
        String name,
        String state,
        @Nullable Double ratePerSecond,
        @Nullable Double lagSeconds,
        @Nullable Long lagRecords,
        @Nullable Double ageSeconds,
        @Nullable Long errors,
        @Nullable String detail,
        List<Instance> instances) {
    /** One process of a stage. */
    public record Instance(String instance, String version, String state, Instant startedAt, Instant at) {}
}
