package dev.heliograph.ingest.subscription;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Subscription to a broker that somebody else runs. Off unless its address is set.
 *
 * @param brokerUri {@code tcp://host:1883} or {@code ssl://host:8883}; null for no subscription
 * @param userName user name at the broker, or null
 * @param password its password, or null
 * @param clientId fixed client id of this instance; connections append {@code -0}, {@code -1}, ... The broker keeps what
 *     arrives while the gateway is away under this name, so it must be the same after a restart and unlike that of
 *     every other instance
 * @param filter topic filter; a shared subscription lets instances and connections share the load
 * @param connections connections of this instance
 * @param receiveMaximum most messages that the broker may have unacknowledged on a connection
 * @param sessionExpiry how long the broker keeps the session of a gateway that is away; longer than the longest outage that
 *     is to be survived, under 24 days (clients and brokers disagree beyond)
 * @param keepAlive keep-alive
 * @param maxPacketBytes largest packet
 * @param stallTimeout age of the oldest unacknowledged message from which the connection is made anew
 * @param catchUp how long the limits of senders rest after a session was resumed, Kafka held the messages up or the gateway stood
 *     still: the broker then delivers at once what was sent over a longer time
 */
@Validated
@ConfigurationProperties("heliograph.ingest.subscription")
public record SubscriptionSettings(
        @Nullable String brokerUri,
        @Nullable String userName,
        @Nullable String password,
        @NotBlank @DefaultValue("heliograph-ingest") String clientId,

        @NotBlank @DefaultValue("$share/ingest/iot/v1/+/+/telemetry/#")
        String filter,

        @Min(1) @Max(64) @DefaultValue("2") int connections,
        @Min(1) @Max(65_535) @DefaultValue("1000") int receiveMaximum,

        @NotNull @DurationMin(minutes = 1) @DurationMax(days = 23) @DefaultValue("7d")
        Duration sessionExpiry,

        @NotNull @DurationMin(seconds = 5) @DefaultValue("30s")
        Duration keepAlive,

        @Min(1_024) @Max(268_435_455) @DefaultValue("270336")
        int maxPacketBytes,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("12m")
        Duration stallTimeout,

        @NotNull @DurationMin(seconds = 0) @DefaultValue("10m")
        Duration catchUp) {

    Broker broker(String uri) {
        return new Broker(uri, userName, password, receiveMaximum, keepAlive, maxPacketBytes, stallTimeout, catchUp);
    }
}
