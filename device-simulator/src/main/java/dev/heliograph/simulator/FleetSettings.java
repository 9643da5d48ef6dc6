package dev.heliograph.simulator;

import dev.heliograph.model.id.TenantId;
import dev.heliograph.simulator.fault.FaultProfile;
import dev.heliograph.simulator.mqtt.LinkSettings;
import dev.heliograph.simulator.provision.Credentials;
import dev.heliograph.simulator.replay.ReplaySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to simulate.
 *
 * @param link how devices connect
 * @param tenant owner of the devices
 * @param devices how many, 1 or more; default 50. Without meaning in a replay
 * @param seed of everything random; default 1
 * @param interval base pace of a device, 1 ms or more, varied by type; default 5 s
 * @param readingsPerSecond of the whole fleet, evenly spread; overrides the interval; null (default): by interval
 * @param duration how long; null (default): until closed
 * @param faults what goes wrong; default nothing
 * @param connections 0 (default): one for each device. Above: that many, shared, without a Will; only for brokers that let one
 *     client speak for several devices
 * @param pacers threads that generate readings, 1 or more; default 1
 * @param drain how long to wait for the last answers at the end; default 10 s
 * @param credentials keys of the devices; default none
 * @param provisioning registers the devices before the start and knows their keys; null (default): nothing is registered
 * @param history file to append every attempt and answer to; null (default): none
 * @param replay plays a file instead of simulating; null (default): simulates
 * @param summaryEvery between two summaries; default 10 s
 * @param summary takes the summaries; default drops them
 */
public record FleetSettings(
        LinkSettings link,
        TenantId tenant,
        int devices,
        long seed,
        Duration interval,
        @Nullable Double readingsPerSecond,
        @Nullable Duration duration,
        FaultProfile faults,
        int connections,
        int pacers,
        Duration drain,
        Credentials credentials,
        @Nullable Provisioning provisioning,
        @Nullable Path history,
        @Nullable ReplaySettings replay,
        Duration summaryEvery,
        Consumer<String> summary) {
    /**
     * How to register the devices.
     *
     * @param api origin of the REST API
     * @param token of an administrator of the tenant
     * @param credentialsFile where keys are kept between runs
     */
    public record Provisioning(URI api, Supplier<String> token, Path credentialsFile) {}

    /** @throws IllegalArgumentException if a bound is broken */
    public FleetSettings {
        require(devices >= 1, "devices must be 1 or more, was " + devices);
        require(interval.toMillis() >= 1, "interval must be 1 ms or more, was " + interval);
        require(
                readingsPerSecond == null || readingsPerSecond > 0 && readingsPerSecond <= devices * 1_000.0,
                "readingsPerSecond must be above 0 and at most 1,000 a device, was " + readingsPerSecond);
        require(duration == null || duration.isPositive(), "duration must be positive, was " + duration);
        require(connections >= 0, "connections must be 0 or more, was " + connections);
        require(pacers >= 1, "pacers must be 1 or more, was " + pacers);
        require(!drain.isNegative(), "drain must not be negative, was " + drain);
        require(summaryEvery.toMillis() >= 1, "summaryEvery must be 1 ms or more, was " + summaryEvery);
    }

    /** The defaults, for a broker at this address. */
    public static Builder builder(URI broker) {
        return new Builder(broker);
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** Collects settings; each starts with the default that {@link FleetSettings} names. */
    public static final class Builder {
        private LinkSettings link;
        private TenantId tenant = new TenantId("demo");
        private int devices = 50;
        private long seed = 1;
        private Duration interval = Duration.ofSeconds(5);
        private @Nullable Double readingsPerSecond;
        private @Nullable Duration duration;
        private FaultProfile faults = FaultProfile.NONE;
        private int connections;
        private int pacers = 1;
        private Duration drain = Duration.ofSeconds(10);
        private Credentials credentials = Credentials.NONE;
        private @Nullable Provisioning provisioning;
        private @Nullable Path history;
        private @Nullable ReplaySettings replay;
        private Duration summaryEvery = Duration.ofSeconds(10);
        private Consumer<String> summary = line -> {};

        private Builder(URI broker) {
            this.link = LinkSettings.to(broker);
        }

        public Builder link(LinkSettings value) {
            link = value;
            return this;
        }

        public Builder tenant(TenantId value) {
            tenant = value;
            return this;
        }

        public Builder devices(int value) {
            devices = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder interval(Duration value) {
            interval = value;
            return this;
        }

        public Builder readingsPerSecond(@Nullable Double value) {
            readingsPerSecond = value;
            return this;
        }

        public Builder duration(@Nullable Duration value) {
            duration = value;
            return this;
        }

        public Builder faults(FaultProfile value) {
            faults = value;
            return this;
        }

        public Builder connections(int value) {
            connections = value;
            return this;
        }

        public Builder pacers(int value) {
            pacers = value;
            return this;
        }

        public Builder drain(Duration value) {
            drain = value;
            return this;
        }

        public Builder credentials(Credentials value) {
            credentials = value;
            return this;
        }

        public Builder provisioning(@Nullable Provisioning value) {
            provisioning = value;
            return this;
        }

        public Builder history(@Nullable Path value) {
            history = value;
            return this;
        }

        public Builder replay(@Nullable ReplaySettings value) {
            replay = value;
            return this;
        }

        public Builder summaryEvery(Duration value) {
            summaryEvery = value;
            return this;
        }

        public Builder summary(Consumer<String> value) {
            summary = value;
            return this;
        }

        /** @throws IllegalArgumentException if a bound is broken */
        public FleetSettings build() {
            return new FleetSettings(
                    link,
                    tenant,
                    devices,
                    seed,
                    interval,
                    readingsPerSecond,
                    duration,
                    faults,
                    connections,
                    pacers,
                    drain,
                    credentials,
                    provisioning,
                    history,
                    replay,
                    summaryEvery,
                    summary);
        }
    }
}
