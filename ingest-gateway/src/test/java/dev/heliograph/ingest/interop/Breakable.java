package dev.heliograph.ingest.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cable between a client and the endpoint that can be cut, for clients that cannot vanish by themselves. */
final class Breakable implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<Socket> ends = new CopyOnWriteArrayList<>();

    Breakable(int target) throws IOException {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket near = listener.accept();
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                    ends.add(near);
                    ends.add(far);
                    carry(near, far);
                    carry(far, near);
                }
            } catch (IOException closed) {
                // Cut.
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void carry(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException cut) {
                // Both ends are closed.
            }
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket end : ends) {
            end.close();
        }
    }
}
