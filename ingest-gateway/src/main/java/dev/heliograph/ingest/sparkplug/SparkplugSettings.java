package dev.heliograph.ingest.sparkplug;

import dev.heliograph.ingest.subscription.Broker;
import dev.heliograph.model.id.TenantId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The Sparkplug B host application: for edge nodes that connect to the gateway itself, and for those at somebody else's
 * broker. The latter is off unless the broker's address is set. Bounds over all edge nodes hold for each of the two.
 *
 * @param endpoint edge nodes that connect to the gateway itself
 * @param brokerUri {@code tcp://host:1883} or {@code ssl://host:8883}; null for no host application
 * @param userName user name at the broker, or null
 * @param password its password, or null
 * @param clientId client id; two instances must not have the same
 * @param hostId host id of the topic {@code spBv1.0/STATE/{hostId}}, by which edge nodes know their primary host
 * @param publishState whether to publish there that the host is online; edge nodes with a primary host then keep their data
 *     while it is not
 * @param groups the groups that are subscribed to, and whose they are
 * @param receiveMaximum most messages of QoS 1 that the broker may have unacknowledged
 * @param keepAlive keep-alive
 * @param maxPacketBytes largest packet
 * @param stallTimeout age of the oldest unacknowledged message from which the connection is made anew
 * @param catchUp how long limits of senders rest at the broker after the host has connected, Kafka held messages up or the
 *     gateway stood still: then edge nodes and broker deliver at once what they had kept
 * @param maxNodes most edge nodes that are known at once
 * @param maxDevicesPerNode most devices of one edge node
 * @param maxDefinitions most metrics defined by births, over all edge nodes
 * @param maxMetrics most metrics of one message
 * @param maxHeldMessages most messages that wait for a birth
 * @param maxHeldBytes most bytes of these
 * @param holdTimeout how long a message waits for a birth, and an edge node may take to answer when asked for one
 * @param reorderTimeout how long a missing sequence number may be late before births are asked for
 * @param maxGap most missing sequence numbers after which the last births are still believed
 * @param rebirthInterval least time between two requests to one edge node; doubled up to 32 times while they do not help
 * @param rebirthsPerSecond most requests a second, over all edge nodes
 */
@Validated
@ConfigurationProperties("heliograph.ingest.sparkplug")
public record SparkplugSettings(
        @Valid @DefaultValue Endpoint endpoint,
        @Nullable String brokerUri,
        @Nullable String userName,
        @Nullable String password,
        @NotBlank @DefaultValue("heliograph-sparkplug") String clientId,

        @Pattern(regexp = SparkplugSettings.LEVEL) @DefaultValue("heliograph")
        String hostId,

        @DefaultValue("true") boolean publishState,
        @DefaultValue List<@Valid Group> groups,
        @Min(1) @Max(65_535) @DefaultValue("1000") int receiveMaximum,

        @NotNull @DurationMin(seconds = 5) @DefaultValue("30s")
        Duration keepAlive,

        @Min(1_024) @Max(268_435_455) @DefaultValue("270336")
        int maxPacketBytes,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("12m")
        Duration stallTimeout,

        @NotNull @DurationMin(millis = 0) @DefaultValue("10m")
        Duration catchUp,

        @Min(1) @Max(100_000) @DefaultValue("1000") int maxNodes,
        @Min(1) @Max(10_000) @DefaultValue("200") int maxDevicesPerNode,
        @Min(1) @Max(10_000_000) @DefaultValue("200000") int maxDefinitions,

        @Min(1) @Max(100_000) @DefaultValue("5000") int maxMetrics,
        @Min(0) @Max(100_000) @DefaultValue("2000") int maxHeldMessages,
        @Min(0) @DefaultValue("16777216") long maxHeldBytes,

        @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 10) @DefaultValue("30s")
        Duration holdTimeout,

        @NotNull @DurationMin(millis = 0) @DurationMax(minutes = 10) @DefaultValue("2s")
        Duration reorderTimeout,

        @Min(0) @Max(127) @DefaultValue("16") int maxGap,

        @NotNull @DurationMin(millis = 100) @DurationMax(hours = 1) @DefaultValue("10s")
        Duration rebirthInterval,

        @Min(1) @Max(10_000) @DefaultValue("10") int rebirthsPerSecond) {

    /** A level of a topic: no wildcard, no separator, not empty. */
    static final String LEVEL = "[^+#/\\u0000]{1,256}";

    /**
     * Edge nodes that connect to the gateway itself.
     *
     * @param enabled whether they may
     * @param maxDefinitionsPerNode most metrics that the births of one edge node and its devices define
     * @param maxHeldMessagesPerNode most messages of one edge node that wait for its births; at most half the receive maximum of
     *     the endpoint counts
     */
    public record Endpoint(
            @DefaultValue("true") boolean enabled,

            @Min(1) @Max(1_000_000) @DefaultValue("10000") int maxDefinitionsPerNode,

            @Min(0) @Max(10_000) @DefaultValue("50") int maxHeldMessagesPerNode) {}

    /**
     * A group of edge nodes and the tenant that they belong to.
     *
     * @param group the group id, as the topics have it
     * @param tenant whose its edge nodes and devices are
     */
    public record Group(
            @NotNull @Pattern(regexp = LEVEL) String group,

            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9_-]{0,63}")
            String tenant) {}

    /** @throws IllegalArgumentException if there is a broker but no group, or a group twice */
    public SparkplugSettings {
        groups = List.copyOf(groups);
        if (brokerUri != null && groups.isEmpty()) {
            throw new IllegalArgumentException("heliograph.ingest.sparkplug.groups must name a group and its tenant");
        }
        if (groups.stream().map(Group::group).distinct().count() < groups.size()) {
            throw new IllegalArgumentException("heliograph.ingest.sparkplug.groups must not name a group twice");
        }
    }

    Broker broker(String uri) {
        return new Broker(uri, userName, password, receiveMaximum, keepAlive, maxPacketBytes, stallTimeout, catchUp);
    }

    Map<String, TenantId> tenants() {
        Map<String, TenantId> tenants = new HashMap<>();
        groups.forEach(group -> tenants.put(group.group(), new TenantId(group.tenant())));
        return tenants;
    }

    HostLimits limits() {
        return new HostLimits(
                maxNodes,
                maxDevicesPerNode,
                maxDefinitions,
                maxMetrics,
                maxHeldMessages,
                maxHeldBytes,
                holdTimeout,
                reorderTimeout,
                maxGap,
                rebirthInterval,
                rebirthsPerSecond);
    }
}
