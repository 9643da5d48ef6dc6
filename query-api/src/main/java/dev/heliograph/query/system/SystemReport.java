package dev.heliograph.query.system;

import io.swagger.v3.oas.annotations.media.Schema;
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
    @Schema(name = "RefusedCount")
    public record Refused(String reason, long count24h) {}

    /**
     * The store.
     *
     * @param measurements estimate of the whole store; null while it is not known
     * @param oldest device time of the oldest measurement or window that the caller's tenant has
     * @param newest when the newest sample of the tenant was received
     * @param product the database and its version; null while it is not known
     * @param schema version of the newest migration
     * @param classes what is kept apart, finest first; empty while it is not known
     */
    public record Store(
            @Nullable Long measurements,
            @Nullable Long sizeBytes,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            @Nullable Boolean timescale,
            @Nullable String product,
            @Nullable String schema,
            List<DataClass> classes) {}

    /**
     * Data of one fineness, or of one other kind.
     *
     * @param name {@code raw}, {@code 10s}, {@code 1m}, {@code 1h}, {@code quarantine}, {@code ledger} or {@code other}
     * @param sizeBytes with indexes, of all tenants
     * @param rows estimate, of all tenants
     * @param keptSeconds how long the caller's tenant keeps it; null where nothing is known of a limit
     * @param tables the tables of it, largest first
     */
    public record DataClass(
            String name,
            long sizeBytes,
            long rows,
            @Nullable Long keptSeconds,
            List<Table> tables) {}

    /** A table with its indexes, and its chunks where it has them. */
    public record Table(String name, long sizeBytes, long rows, long chunks) {}
}
