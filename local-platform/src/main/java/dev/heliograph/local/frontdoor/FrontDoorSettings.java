package dev.heliograph.local.frontdoor;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;

/**
 * Where the front door stands.
 *
 * @param address the interface it listens on
 * @param port the port it listens on
 * @param publicUrl the address that browsers use, without a trailing slash
 * @param issuer the identity provider that the dashboard sends browsers to
 * @param idleTimeout a connection on which nothing moves for so long is closed; longer than the heartbeat of live events
 * @param maxConcurrentRequests requests on their way to one service, live event streams included
 */
public record FrontDoorSettings(
        InetAddress address, int port, URI publicUrl, URI issuer, Duration idleTimeout, int maxConcurrentRequests) {

    /** With 60 s and 1,000 requests. */
    public static FrontDoorSettings of(InetAddress address, int port, URI publicUrl, URI issuer) {
        return new FrontDoorSettings(address, port, publicUrl, issuer, Duration.ofSeconds(60), 1_000);
    }
}
