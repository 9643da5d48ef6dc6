package dev.heliograph.local.data;

import dev.heliograph.local.StartRefused;
import dev.heliograph.local.StartRefused.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of this machine. */
public final class Ports {
    private Ports() {}

    /**
     * Makes sure that a server could listen there, before anything is started that would fail less kindly.
     *
     * @param option the option by which the user can choose another port
     * @throws StartRefused if it could not
     */
    public static void requireFree(InetAddress address, int port, String purpose, String option) {
        try {
            probe(address, port);
        } catch (IOException taken) {
            throw new StartRefused(
                    Reason.PORT_TAKEN,
                    "Port %d (%s) cannot be used: %s. Choose another with %s."
                            .formatted(port, purpose, taken.getMessage(), option));
        }
    }

    /** Whether a server could listen there at the moment. */
    public static boolean isFree(InetAddress address, int port) {
        try {
            probe(address, port);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** A port of the loopback interface that nothing listens on at the moment. */
    public static int free(InetAddress address) {
        try {
            return probe(address, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException("no free port on " + address, failure);
        }
    }

    private static int probe(InetAddress address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            // A port in TIME_WAIT from an earlier run is free to a server that asks for it like this.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket.getLocalPort();
        }
    }
}
