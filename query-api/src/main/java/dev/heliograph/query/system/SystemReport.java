package dev.heliograph.query.system;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the platform is.
 *
 * @param version of this service
 * @param quarantine what was refused in the last day, of the caller's tenant
 */
public record SystemReport(String version, Instant at, List<Stage> stages, List<Refused> quarantine, Store store) {
    /** Number of refused messages for one reason. */
    public record Refused(String reason, long count24h) {}

    /**
     * The store.
     *
     * @param measurements estimate of the whole store; null while it is not known
     * @param oldest first minute in which the caller's tenant has data
     * @param newest when the newest sample of the tenant was received
     */
    public record Store(
            @Nullable Long measurements,
            @Nullable Long sizeBytes,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            @Nullable Boolean timescale) {}
}
