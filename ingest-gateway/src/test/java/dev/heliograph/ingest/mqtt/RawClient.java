package dev.heliograph.ingest.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A device that writes and reads the bytes of MQTT 5 itself, well or badly. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final String[] TYPES = {
        "0",
        "CONNECT",
        "CONNACK",
        "PUBLISH",
        "PUBACK",
        "PUBREC",
        "PUBREL",
        "PUBCOMP",
        "SUBSCRIBE",
        "SUBACK",
        "UNSUBSCRIBE",
        "UNSUBACK",
        "PINGREQ",
        "PINGRESP",
        "DISCONNECT",
        "AUTH"
    };

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    /** Connects as a device of the tenant demo. */
    static RawClient connected(int port, String device) throws IOException {
        RawClient client = new RawClient(port);
        client.send(connect(device, "demo/" + device, RunningEndpoint.PASSWORD, 60));
        String answer = client.answer();
        if (!answer.equals("CONNACK 00")) {
            throw new IOException(answer);
        }
        return client;
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next packet as its type and reason code; {@code closed} at the end. */
    String answer() throws IOException {
        try {
            int type = in.readUnsignedByte() >> 4;
            byte[] body = new byte[length()];
            in.readFully(body);
            int code = switch (type) {
                case 2 -> body[1];
                case 4 -> body.length > 2 ? body[2] : 0;
                case 9 -> body[body.length - 1];
                case 14 -> body.length > 0 ? body[0] : 0;
                default -> 0;
            };
            return String.format(Locale.ROOT, "%s %02X", TYPES[type], code & 0xFF);
        } catch (EOFException | SocketException end) {
            return "closed";
        }
    }

    /** All packets until the connection is closed. */
    List<String> answersUntilClosed() throws IOException {
        List<String> answers = new ArrayList<>();
        for (String next = answer(); !next.equals("closed"); next = answer()) {
            answers.add(next);
        }
        return answers;
    }

    Socket socket() {
        return socket;
    }

    private int length() throws IOException {
        int length = 0;
        int shift = 0;
        int part;
        do {
            part = in.readUnsignedByte();
            length |= (part & 0x7F) << shift;
            shift += 7;
        } while (part > 0x7F);
        return length;
    }

    static byte[] connect(String clientId, String user, String password, int keepAliveSeconds) {
        return connect(5, clientId, user, password, keepAliveSeconds);
    }

    static byte[] connect(int version, String clientId, String user, String password, int keepAliveSeconds) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(version);
        body.write(user == null ? 0x02 : 0xC2);
        body.write(keepAliveSeconds >> 8);
        body.write(keepAliveSeconds);
        if (version == 5) {
            body.write(0);
        }
        text(body, clientId);
        if (user != null) {
            text(body, user);
            text(body, password);
        }
        return packet(0x10, body);
    }

    static byte[] publish(String device, int packetId, String payload) {
        return publish(5, device, packetId, payload);
    }

    static byte[] publish(int version, String device, int packetId, String payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "iot/v1/demo/" + device + "/telemetry");
        body.write(packetId >> 8);
        body.write(packetId);
        if (version == 5) {
            body.write(0);
        }
        body.writeBytes(payload.getBytes(UTF_8));
        return packet(0x32, body);
    }

    static byte[] subscribe(int version, int packetId, String... filters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(packetId >> 8);
        body.write(packetId);
        if (version == 5) {
            body.write(0);
        }
        for (String filter : filters) {
            text(body, filter);
            body.write(1);
        }
        return packet(0x82, body);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
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

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
