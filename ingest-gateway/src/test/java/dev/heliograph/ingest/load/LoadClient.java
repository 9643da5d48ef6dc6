package dev.heliograph.ingest.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A device that costs little: bytes prepared once, MQTT 5, QoS 1. */
final class LoadClient implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final byte[] publish;
    private final byte[] buffer = new byte[4_096];
    private int leftover;
    private int packetId;

    LoadClient(int port, int number) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), number);
    }

    /** @param socket connected, with TLS or without */
    LoadClient(Socket socket, int number) throws IOException {
        String device = "d" + number;
        this.socket = socket;
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64));
        out.write(connect(device));
        in.readUnsignedByte();
        int length = in.readUnsignedByte();
        in.readUnsignedByte();
        int reason = in.readUnsignedByte();
        in.skipNBytes(length - 2);
        if (reason != 0) {
            throw new IOException("refused by " + Integer.toHexString(reason));
        }
        publish = publish(device);
    }

    void publish(int count) throws IOException {
        ByteArrayOutputStream batch = new ByteArrayOutputStream(count * publish.length);
        for (int i = 0; i < count; i++) {
            packetId = packetId % 65_535 + 1;
            int at = publish.length - payload().length - 3;
            publish[at] = (byte) (packetId >> 8);
            publish[at + 1] = (byte) packetId;
            batch.write(publish);
        }
        out.write(batch.toByteArray());
    }

    /** Waits for at least one PUBACK of four bytes, and takes all that are there. */
    int acknowledgements() throws IOException {
        int got = 0;
        while (got == 0) {
            int read = socket.getInputStream().read(buffer);
            if (read < 0) {
                throw new IOException("the endpoint has closed the connection");
            }
            leftover += read;
            got = leftover / 4;
            leftover %= 4;
        }
        return got;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] payload() {
        return "{\"seq\":42,\"metrics\":{\"temperature\":21.43,\"humidity\":40.2,\"pressure\":1013.25,\"mode\":\"heating\"}}"
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] connect(String device) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(5);
        body.write(0xC2);
        body.write(1);
        body.write(44);
        body.write(0);
        text(body, device);
        text(body, "demo/" + device);
        text(body, LoadedEndpoint.PASSWORD);
        return packet(0x10, body);
    }

    private static byte[] publish(String device) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "iot/v1/demo/" + device + "/telemetry");
        body.write(0);
        body.write(1);
        body.write(0);
        body.writeBytes(payload());
        return packet(0x32, body);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    private static byte[] packet(int type, ByteArrayOutputStream body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int length = body.size();
        do {
            packet.write(length > 127 ? length & 127 | 128 : length);
            length >>= 7;
        } while (length > 0);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }
}
