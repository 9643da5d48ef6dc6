package dev.heliograph.ingest.mqtt;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The MQTT endpoint.
 *
 * @param enabled whether there is one
 * @param host address to bind
 * @param port port without TLS; 0 for any free one, -1 for none
 * @param tls the encrypted port
 * @param eventLoopThreads threads that serve the sockets; 0 for one a core
 * @param maxConnections most connections of this instance
 * @param maxConnectionsPerDevice most connections of one device at a time, by different client ids
 * @param connectTimeout how long a socket may take from its opening to a complete CONNECT, TLS handshake included
 * @param maxKeepAlive longest keep-alive of an MQTT 5 device; a longer or none is overruled
 * @param receiveMaximum most unacknowledged messages of a connection
 * @param maxPacketBytes largest packet
 * @param messagesPerSecond sustained rate of a device; 0 for no limit
 * @param burst messages that a device may send at once after a pause
 * @param errorsPerMinute messages on a connection's {@code errors} topic
 * @param drainTimeout how long a shutdown waits for Kafka to acknowledge what is in flight
 */
@Validated
@ConfigurationProperties("heliograph.ingest.mqtt")
public record MqttSettings(
        @DefaultValue("true") boolean enabled,
        @NotBlank @DefaultValue("0.0.0.0") String host,
        @Min(-1) @Max(65_535) @DefaultValue("1883") int port,
        @Valid @DefaultValue Tls tls,
        @Min(0) @Max(256) @DefaultValue("0") int eventLoopThreads,
        @Min(1) @DefaultValue("20000") int maxConnections,
        @Min(1) @DefaultValue("4") int maxConnectionsPerDevice,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration connectTimeout,

        @NotNull @DurationMin(seconds = 1) @DurationMax(seconds = 65_535) @DefaultValue("5m")
        Duration maxKeepAlive,

        @Min(1) @Max(65_535) @DefaultValue("100") int receiveMaximum,

        @Min(1_024) @Max(268_435_455) @DefaultValue("270336")
        int maxPacketBytes,

        @Min(0) @DefaultValue("100") int messagesPerSecond,
        @Min(1) @DefaultValue("500") int burst,
        @Min(0) @DefaultValue("30") int errorsPerMinute,

        @NotNull @DurationMin(millis = 0) @DefaultValue("10s")
        Duration drainTimeout) {

    /**
     * The encrypted port: TLS 1.3 and 1.2.
     *
     * @param enabled whether there is one
     * @param port port; 0 for any free one
     * @param certificate PEM file with the server's certificate and its chain
     * @param privateKey PEM file with its key, PKCS #8
     */
    public record Tls(
            @DefaultValue("false") boolean enabled,
            @Min(0) @Max(65_535) @DefaultValue("8883") int port,
            @Nullable Path certificate,
            @Nullable Path privateKey) {

        /** Refuses an encrypted port without certificate or key. */
        public Tls {
            if (enabled && (certificate == null || privateKey == null)) {
                throw new IllegalArgumentException(
                        "heliograph.ingest.mqtt.tls: certificate and private-key are required when it is enabled");
            }
        }
    }
}
