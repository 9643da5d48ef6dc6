package dev.heliograph.systemtests.faults.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Somebody who opens a live stream, reads its beginning, and then nothing more, with next to no room for what comes. */
public final class StalledReader implements AutoCloseable {
    private static final int ROOM_BYTES = 2_048;
    private static final String GRANTED = "HTTP/1.1 200";

    private final SocketChannel channel;

    /**
     * Asks for the samples of devices.
     *
     * @param port where the API itself listens: a proxy would read for it
     * @throws IllegalStateException if the stream is refused; the message has the answer
     */
    public StalledReader(int port, String token, List<String> devices) throws IOException {
        StringBuilder request = new StringBuilder("GET /api/v1/stream?topics=samples");
        devices.forEach(device -> request.append("&device=").append(device));
        request.append(" HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer ")
                .append(token)
                .append("\r\n\r\n");
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, ROOM_BYTES);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(request.toString().getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer answer = ByteBuffer.allocate(ROOM_BYTES);
        while (answer.position() < GRANTED.length() && channel.read(answer) >= 0) {
            // the status line may come in parts
        }
        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        if (!text.startsWith(GRANTED)) {
            channel.close();
            throw new IllegalStateException("a stream was refused: " + text);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
