package dev.heliograph.systemtests.faults.load;

import dev.heliograph.simulator.mqtt.LinkIdentity.Credential;
import dev.heliograph.systemtests.faults.check.Sent;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A device that speaks MQTT 5 byte by byte: it may say what a client library would not let it. */
public final class RawDevice {
    private static final int CONNACK = 2;
    private static final int PUBACK = 4;
    private static final int DISCONNECT = 14;
    private static final int REFUSED = 0x80;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int LIMIT_MILLIS = 20_000;
    private static final int PACKET_ID_BYTES = 2;

    private final Tenant tenant;
    private final String device;
    private final Credential key;

    /** A device of this tenant, which is registered. */
    public RawDevice(Tenant tenant, String device) {
        this.tenant = tenant;
        this.device = device;
        tenant.addDevice(device);
        this.key = tenant.key(device);
    }

    /** What the gateway said to a message: the kind of its packet and the code in it; 0 where there is none. */
    public record Answer(boolean disconnected, int code) {}

    /**
     * Connects, sends one message of a device at QoS 1, and waits for the answer.
     *
     * @param sound whether it is as the contract wants it
     */
    public Answer send(int port, byte[] payload, boolean sound) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(connect());
            Answer connected = answer(in, CONNACK);
            if (connected.code() != 0) {
                throw new IOException(device + " is not let in: 0x" + Integer.toHexString(connected.code()));
            }
            Answer answer;
            try {
                socket.getOutputStream().write(publish(payload));
                answer = answer(in, PUBACK);
            } catch (IOException cutOff) {
                // The gateway may close while it is still being written to; what it said before may be there.
                answer = in.available() > 0 ? answer(in, PUBACK) : new Answer(true, 0);
            }
            Sent.Verdict verdict = answer.disconnected()
                    ? Sent.Verdict.OPEN
                    : answer.code() < REFUSED ? Sent.Verdict.ACKNOWLEDGED : Sent.Verdict.REFUSED;
            tenant.note(Sent.of(device, payload, sound, 1, verdict));
            return answer;
        }
    }

    private static Answer answer(DataInputStream in, int expected) throws IOException {
        int kind = in.readUnsignedByte() >> 4;
        byte[] body = new byte[length(in)];
        in.readFully(body);
        if (kind == DISCONNECT) {
            return new Answer(true, body.length == 0 ? 0 : body[0] & 0xff);
        }
        if (kind != expected) {
            throw new IOException("a packet of kind " + kind + " instead of " + expected);
        }
        int at = kind == CONNACK ? 1 : PACKET_ID_BYTES;
        return new Answer(false, body.length > at ? body[at] & 0xff : 0);
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            length |= (next & 0x7f) << shift;
            if (next < REFUSED) {
                return length;
            }
        }
        throw new IOException("no length");
    }

    private byte[] connect() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(5);
        body.write(0b1100_0010); // user name, password, clean start
        number(body, KEEP_ALIVE_SECONDS);
        body.write(0); // no properties
        text(body, device);
        text(body, key.username());
        text(body, key.password());
        return packet(0x10, body);
    }

    private byte[] publish(byte[] payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "iot/v1/" + tenant.id() + "/" + device + "/telemetry");
        number(body, 1);
        body.write(0);
        body.writeBytes(payload);
        return packet(0x32, body);
    }

    private static byte[] packet(int head, ByteArrayOutputStream body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(head);
        int left = body.size();
        do {
            int low = left & 0x7f;
            left >>= 7;
            packet.write(left > 0 ? low | REFUSED : low);
        } while (left > 0);
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number) {
        out.write(number >> 8);
        out.write(number);
    }

    /** A payload of so many bytes that is JSON but for its length: one object with a metric, and blanks. */
    public static byte[] payloadOf(int bytes, double level) {
        byte[] payload = new byte[bytes];
        Arrays.fill(payload, (byte) ' ');
        byte[] json = "{\"ts\": %d, \"metrics\": {\"height\": %s}}"
                .formatted(System.currentTimeMillis(), level)
                .getBytes(StandardCharsets.UTF_8);
        System.arraycopy(json, 0, payload, 0, json.length);
        return payload;
    }
}
