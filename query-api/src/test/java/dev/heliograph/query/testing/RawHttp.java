package dev.heliograph.query.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Bytes on a plain socket and what comes back until the other side closes: what an HTTP client would set right before it is
 * sent arrives as it is written here.
 */
public final class RawHttp {
    /** Longest silence of the service. Passed, it hangs, and the test fails. */
    private static final int HANG_MILLIS = 60_000;

    private static final int PIECE = 8_192;

    private RawHttp() {}

    /** Everything that was sent back on one connection, headers and bodies as they came. */
    public record Exchange(String text, boolean reset) {
        /** Status of the first answer; 0 where the connection was closed without one. */
        public int status() {
            return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
        }

        /** The statuses of all answers: more than one where bytes behind a request were taken for another. */
        public List<Integer> statuses() {
            List<Integer> found = new ArrayList<>();
            for (int at = text.indexOf("HTTP/1.1 "); at >= 0; at = text.indexOf("HTTP/1.1 ", at + 1)) {
                found.add(Integer.parseInt(text.substring(at + 9, at + 12)));
            }
            return found;
        }
    }

    /** Sends a whole request, reads until the service closes. */
    public static Exchange send(int port, String request) {
        return send(port, out -> out.write(request.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** What is written; the service may close before the end of it. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Writes, and reads at the same time until the service closes. */
    public static Exchange send(int port, Writing writing) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(HANG_MILLIS);
            FutureTask<Exchange> answer = new FutureTask<>(() -> read(socket.getInputStream()));
            Thread.ofVirtual().start(answer);
            try {
                writing.to(socket.getOutputStream());
                socket.getOutputStream().flush();
            } catch (SocketException closedByTheService) {
                // Its answer may be there nevertheless.
            }
            return answer.get();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (ExecutionException failure) {
            throw new UncheckedIOException(new IOException("no answer", failure.getCause()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** As {@link #send(int, Writing)}, but a good answer is let go behind its headers: it may have no end. */
    public static Exchange beginning(int port, Writing writing) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(HANG_MILLIS);
            writing.to(socket.getOutputStream());
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
            Exchange begun = new Exchange(head.toString(), false);
            if (begun.status() == 0 || begun.status() < 400) {
                return begun;
            }
            Exchange rest = read(in);
            return new Exchange(head + rest.text(), rest.reset());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Exchange read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        boolean reset = false;
        try {
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                all.write(piece, 0, got);
            }
        } catch (SocketException closedHard) {
            reset = true;
        }
        return new Exchange(all.toString(StandardCharsets.ISO_8859_1), reset);
    }
}
