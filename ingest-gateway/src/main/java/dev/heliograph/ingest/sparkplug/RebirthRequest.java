package dev.heliograph.ingest.sparkplug;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The payload by which a host application asks an edge node for its births (Sparkplug 3.0.0, 5.12). */
final class RebirthRequest {
    private static final int BOOLEAN = 11;

    private RebirthRequest() {}

    /** @param nowMillis the time now, milliseconds since the epoch */
    static byte[] encode(long nowMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeUInt64(1, nowMillis);
            byte[] metric = metric(nowMillis);
            out.writeByteArray(2, metric);
            out.flush();
        } catch (IOException impossible) {
            throw new IllegalStateException("memory cannot fail to be written", impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] metric(long nowMillis) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeString(1, Payload.REBIRTH);
        out.writeUInt64(3, nowMillis);
        out.writeUInt32(4, BOOLEAN);
        out.writeBool(14, true);
        out.flush();
        return bytes.toByteArray();
    }
}
