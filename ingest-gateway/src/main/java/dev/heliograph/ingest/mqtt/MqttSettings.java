package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.tls.TlsSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
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
 * @param webSocket MQTT in WebSocket frames
 * @param proxyProtocol whether a load balancer tells the address of each device by the PROXY protocol (version 1 or 2); then
 *     every connection must begin with it
 * @param eventLoopThreads threads that serve the sockets; 0 for one a core
 * @param maxConnections most connections of this instance
 * @param maxConnectionsPerDevice most connections of one device at a time, by different client ids
 * @param connectTimeout how long a socket may take from its opening to a complete CONNECT, TLS handshake included
 * @param admission bounds on sockets that have not proven yet whose they are
 * @param maxKeepAlive longest keep-alive of an MQTT 5 device; a longer or none is overruled
 * @param receiveMaximum most unacknowledged messages of a connection
 * @param maxPacketBytes largest packet
 * @param packetTimeout how long the rest of a packet may take after its first byte
 * @param writeTimeout how long a device may leave unread what it was sent
 * @param errorsPerMinute messages on a connection's {@code errors} topic
 * @param drain how a shutdown lets the devices go
 */
@Validated
@ConfigurationProperties("heliograph.ingest.mqtt")
public record MqttSettings(
        @DefaultValue("true") boolean enabled,
        @NotBlank @DefaultValue("0.0.0.0") String host,
        @Min(-1) @Max(65_535) @DefaultValue("1883") int port,
        @Valid @DefaultValue TlsSettings tls,
        @Valid @DefaultValue WebSocket webSocket,
        @DefaultValue("false") boolean proxyProtocol,
        @Min(0) @Max(256) @DefaultValue("0") int eventLoopThreads,
        @Min(1) @DefaultValue("20000") int maxConnections,
        @Min(1) @DefaultValue("4") int maxConnectionsPerDevice,

        @NotNull @DurationMin(millis = 100) @DefaultValue("10s")
        Duration connectTimeout,

        @Valid @DefaultValue Admission admission,

        @NotNull @DurationMin(seconds = 1) @DurationMax(seconds = 65_535) @DefaultValue("5m")
        Duration maxKeepAlive,

        @Min(1) @Max(65_535) @DefaultValue("100") int receiveMaximum,

        @Min(1_024) @Max(268_435_455) @DefaultValue("270336")
        int maxPacketBytes,

        @NotNull @DurationMin(millis = 100) @DefaultValue("30s")
        Duration packetTimeout,

        @NotNull @DurationMin(millis = 100) @DefaultValue("30s")
        Duration writeTimeout,

        @Min(0) @DefaultValue("30") int errorsPerMinute,
        @Valid @DefaultValue Drain drain) {

    /**
     * MQTT in WebSocket frames, at the path {@code /mqtt} with the subprotocol {@code mqtt}.
     *
     * @param port port without TLS; 0 for any free one, -1 for none
     * @param tlsPort port with the TLS of {@code tls}, which must be enabled; 0 for any free one, -1 for none
     */
    public record WebSocket(
            @Min(-1) @Max(65_535) @DefaultValue("-1") int port,
            @Min(-1) @Max(65_535) @DefaultValue("-1") int tlsPort) {}

    /**
     * Bounds on sockets that have not proven yet whose they are. An address is an IPv4 address or an IPv6 network of 64 bits;
     * behind a load balancer that hides the devices, all of them have the same one: raise these bounds there or use the
     * PROXY protocol.
     *
     * @param maxPending most sockets without an accepted CONNECT
     * @param maxPendingPerAddress most of them of one address
     * @param connectsPerSecondPerAddress new sockets of one address, ten seconds of which may come at once; 0 for no limit
     * @param failuresPerMinutePerAddress refused CONNECTs of one address that are answered at once; further ones late
     * @param failureDelay how late
     */
    public record Admission(
            @Min(1) @DefaultValue("4000") int maxPending,
            @Min(1) @DefaultValue("1000") int maxPendingPerAddress,
            @Min(0) @DefaultValue("200") int connectsPerSecondPerAddress,
            @Min(1) @DefaultValue("60") int failuresPerMinutePerAddress,

            @NotNull @DurationMin(millis = 0) @DefaultValue("5s")
            Duration failureDelay) {}

    /**
     * The end of an instance: it takes no new connections, lets those it has go one after the other, and each of them only
     * when what it had sent is acknowledged.
     *
     * @param spread over how long the connections are let go at most, so that they do not all connect elsewhere at once
     * @param connectionsPerSecond how many of them a second if they are few: 500 take five seconds, not the whole spread
     * @param timeout how long to wait after that for Kafka to acknowledge what is in flight
     */
    public record Drain(
            @NotNull @DurationMin(millis = 0) @DurationMax(minutes = 30) @DefaultValue("1m")
            Duration spread,

            @Min(1) @DefaultValue("100") int connectionsPerSecond,

            @NotNull @DurationMin(millis = 0) @DefaultValue("10s")
            Duration timeout) {}

    /** Refuses WebSocket with TLS where TLS is off. */
    public MqttSettings {
        if (webSocket.tlsPort() >= 0 && !tls.enabled()) {
            throw new IllegalArgumentException(
                    "heliograph.ingest.mqtt.web-socket.tls-port needs heliograph.ingest.mqtt.tls.enabled");
        }
    }
}
