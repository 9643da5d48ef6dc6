package dev.heliograph.writer;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.storage.Kept;
import dev.heliograph.storage.RetentionSettings;
import dev.heliograph.writer.store.RepairSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the writer, {@code heliograph.writer.*}.
 *
 * @param enabled whether this process writes
 * @param consumer name of the consumer group and of the consumer in the table {@code consumer_offset}; another name reads
 *     everything again
 * @param instance name of this instance in its heartbeat; empty for host and process id
 * @param threads consumers that share the partitions, 1 to 64; more than partitions are idle
 * @param sessionTimeout how long Kafka waits for a sign of life of a consumer before its partitions go to another, 6 s to
 *     30 min as brokers allow by default; so long storing stands still after {@code kill -9}. A sign is given three times
 *     as often
 * @param maxBatchRecords most records in one transaction, 1 to 100000
 * @param maxBatchBytes a batch is closed once its values have this many bytes
 * @param linger how long a batch that is not full waits for more, 0 to 10 s; 0 writes what is there at once
 * @param firstRetry first pause when the database is away
 * @param longestRetry longest pause when it stays away, at most 1 min
 * @param seriesCacheSize ids of series kept in memory, about 200 bytes each
 * @param migrateAtStart whether the schema is brought up to date first; where a migration job does it, {@code false}
 * @param statusInterval time between heartbeats
 * @param rangesInterval time between updates of the ranges of metrics
 * @param database how the connections to the database behave
 * @param repair how much repairing of windows one transaction does
 * @param revisions how live viewers are told of repaired windows and corrected samples
 * @param retention how long rows are kept
 * @param ledger how the ledger is kept and watched
 */
@ConfigurationProperties("heliograph.writer")
public record WriterSettings(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("store-writer") String consumer,
        @DefaultValue("") String instance,
        @DefaultValue("1") int threads,
        @DefaultValue("10s") Duration sessionTimeout,
        @DefaultValue("5000") int maxBatchRecords,
        @DefaultValue("16777216") int maxBatchBytes,
        @DefaultValue("0ms") Duration linger,
        @DefaultValue("200ms") Duration firstRetry,
        @DefaultValue("5s") Duration longestRetry,
        @DefaultValue("200000") int seriesCacheSize,
        @DefaultValue("true") boolean migrateAtStart,
        @DefaultValue("1s") Duration statusInterval,
        @DefaultValue("5s") Duration rangesInterval,
        @DefaultValue Database database,
        @DefaultValue Repair repair,
        @DefaultValue Revisions revisions,
        @DefaultValue Retention retention,
        @DefaultValue Ledger ledger) {
    /** @throws IllegalArgumentException naming the setting that is out of its range */
    public WriterSettings {
        require(!consumer.isBlank(), "consumer must be given");
        require(threads >= 1 && threads <= 64, "threads must be 1 to 64, was " + threads);
        require(
                sessionTimeout.compareTo(Duration.ofSeconds(6)) >= 0
                        && sessionTimeout.compareTo(Duration.ofMinutes(30)) <= 0,
                "session-timeout must be 6 s to 30 min, was " + sessionTimeout);
        require(
                maxBatchRecords >= 1 && maxBatchRecords <= 100_000,
                "max-batch-records must be 1 to 100000, was " + maxBatchRecords);
        require(maxBatchBytes >= 1_024, "max-batch-bytes must be at least 1024, was " + maxBatchBytes);
        require(
                !linger.isNegative() && linger.compareTo(Duration.ofSeconds(10)) <= 0,
                "linger must be 0 to 10 s, was " + linger);
        require(firstRetry.isPositive(), "first-retry must be positive, was " + firstRetry);
        require(
                longestRetry.compareTo(firstRetry) >= 0 && longestRetry.compareTo(Duration.ofMinutes(1)) <= 0,
                "longest-retry must be first-retry to 1 min, was " + longestRetry);
        require(seriesCacheSize >= 1, "series-cache-size must be at least 1, was " + seriesCacheSize);
        require(
                statusInterval.compareTo(Duration.ofMillis(100)) >= 0,
                "status-interval must be at least 100 ms, was " + statusInterval);
        require(
                rangesInterval.compareTo(Duration.ofMillis(100)) >= 0,
                "ranges-interval must be at least 100 ms, was " + rangesInterval);
    }

    /**
     * How the connections behave. Without these times a database that vanishes without a word holds a thread for ever.
     *
     * @param connectTimeout longest time to open a connection
     * @param socketTimeout longest time for any answer; a batch that takes longer is tried again. The server waits two
     *     thirds of it for a lock, and ends a transaction in which nothing happens for as long
     * @param acquireTimeout longest wait for a connection of the pool
     * @param maxLifetime age at which a connection is replaced
     */
    public record Database(
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("15s") Duration socketTimeout,
            @DefaultValue("5s") Duration acquireTimeout,
            @DefaultValue("10m") Duration maxLifetime) {
        /** @throws IllegalArgumentException naming the setting that is out of its range */
        public Database {
            Duration second = Duration.ofSeconds(1);
            require(connectTimeout.compareTo(second) >= 0, "database.connect-timeout must be at least 1 s");
            require(
                    socketTimeout.compareTo(second) >= 0 && socketTimeout.compareTo(Duration.ofMinutes(2)) <= 0,
                    "database.socket-timeout must be 1 s to 2 min, was " + socketTimeout);
            require(acquireTimeout.compareTo(second) >= 0, "database.acquire-timeout must be at least 1 s");
            require(
                    maxLifetime.compareTo(Duration.ofSeconds(30)) >= 0,
                    "database.max-lifetime must be at least 30 s, was " + maxLifetime);
        }
    }

    /**
     * How much repairing of windows one transaction does; see {@link RepairSettings}.
     *
     * @param maxWindows most windows recomputed
     * @param maxMeasurements measurements read after which no further window is begun
     */
    public record Repair(
            @DefaultValue("2000") int maxWindows,
            @DefaultValue("200000") int maxMeasurements) {
        /** @throws IllegalArgumentException naming the setting that is out of its range */
        public Repair {
            require(
                    maxWindows >= 1 && maxWindows <= 100_000,
                    "repair.max-windows must be 1 to 100000, was " + maxWindows);
            require(maxMeasurements >= 1, "repair.max-measurements must be at least 1, was " + maxMeasurements);
        }

        RepairSettings settings() {
            return new RepairSettings(maxWindows, maxMeasurements);
        }
    }

    /**
     * How live viewers are told what repairs and corrections changed in the store.
     *
     * @param interval shortest time between two batches; what came within it is told as one where it is near
     * @param windows windows that one change names; beyond, it tells the range only
     * @param maxWaiting changes that are kept while Kafka does not take them; beyond, the oldest are never told
     */
    public record Revisions(
            @DefaultValue("500ms") Duration interval,
            @DefaultValue("20") int windows,
            @DefaultValue("100000") long maxWaiting) {
        /** @throws IllegalArgumentException naming the setting that is out of its range */
        public Revisions {
            require(
                    interval.compareTo(Duration.ofMillis(10)) >= 0 && interval.compareTo(Duration.ofMinutes(1)) <= 0,
                    "revisions.interval must be 10 ms to 1 min, was " + interval);
            require(windows >= 0 && windows <= 1_000, "revisions.windows must be 0 to 1000, was " + windows);
            require(maxWaiting >= 1_000, "revisions.max-waiting must be at least 1000, was " + maxWaiting);
        }
    }

    /**
     * How long rows are kept.
     *
     * @param enabled whether this process deletes what is older
     * @param interval time between deletions
     * @param raw measurements and states
     * @param windows10s summaries of 10 s
     * @param windows1m summaries of 1 min
     * @param windows1h summaries of 1 h
     * @param quarantine what was refused
     * @param ledger what each gateway claimed of each minute
     * @param tenants those for which other times hold, by their id: {@code tenants.acme.raw=7d}
     */
    public record Retention(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1h") Duration interval,
            @DefaultValue("30d") Duration raw,
            @DefaultValue("30d") Duration windows10s,
            @DefaultValue("365d") Duration windows1m,
            @DefaultValue("1830d") Duration windows1h,
            @DefaultValue("30d") Duration quarantine,
            @DefaultValue("90d") Duration ledger,
            @DefaultValue Map<String, OfTenant> tenants) {
        /**
         * How long a tenant's rows are kept where it differs; absent as for all.
         *
         * @param raw measurements and states
         * @param windows10s summaries of 10 s
         * @param windows1m summaries of 1 min
         * @param windows1h summaries of 1 h
         */
        public record OfTenant(
                @Nullable Duration raw,
                @Nullable Duration windows10s,
                @Nullable Duration windows1m,
                @Nullable Duration windows1h) {}

        /** @throws IllegalArgumentException naming the setting that is out of its range */
        public Retention {
            tenants = Map.copyOf(tenants);
            for (String tenant : tenants.keySet()) {
                require(
                        TenantId.parse(tenant).isPresent(),
                        "retention.tenants: " + tenant + " is not the id of a tenant");
            }
            require(
                    interval.compareTo(Duration.ofSeconds(1)) >= 0,
                    "retention.interval must be at least 1 s, was " + interval);
        }

        RetentionSettings settings() {
            Map<String, Kept> ofTenants = new HashMap<>();
            tenants.forEach((tenant, own) ->
                    ofTenants.put(tenant, new Kept(own.raw(), own.windows10s(), own.windows1m(), own.windows1h())));
            return new RetentionSettings(raw, windows10s, windows1m, windows1h, quarantine, ledger, ofTenants);
        }
    }

    /**
     * How the ledger is kept and watched.
     *
     * @param interval time between looks at what is missing
     * @param inFlightBound how long what is owed may count as in flight where the writer's position does not tell; the API
     *     has the same setting
     * @param watch how far back the metrics look: what was missed earlier is told by the API only
     * @param longestGap most numbers that a gap in a device's sequence may have; a longer leap is a counter that was set
     * @param gapsPerDevice most gaps that are remembered of a device
     */
    public record Ledger(
            @DefaultValue("15s") Duration interval,
            @DefaultValue("1h") Duration inFlightBound,
            @DefaultValue("24h") Duration watch,
            @DefaultValue("10000") long longestGap,
            @DefaultValue("50") int gapsPerDevice) {
        /** @throws IllegalArgumentException naming the setting that is out of its range */
        public Ledger {
            require(
                    interval.compareTo(Duration.ofMillis(100)) >= 0,
                    "ledger.interval must be at least 100 ms, was " + interval);
            require(inFlightBound.isPositive(), "ledger.in-flight-bound must be positive, was " + inFlightBound);
            require(watch.compareTo(Duration.ofMinutes(1)) >= 0, "ledger.watch must be at least 1 min, was " + watch);
            require(longestGap >= 1, "ledger.longest-gap must be at least 1, was " + longestGap);
            require(
                    gapsPerDevice >= 1 && gapsPerDevice <= 1_000,
                    "ledger.gaps-per-device must be 1 to 1000, was " + gapsPerDevice);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("heliograph.writer." + message);
        }
    }
}
