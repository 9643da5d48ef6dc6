package dev.heliograph.ingest.sparkplug;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The host's own birth and death on {@code spBv1.0/STATE/{hostId}}: JSON, retained (Sparkplug 3.0.0, 6.4.26 and 6.4.27). */
final class StateMessage {
    private static final Pattern OFFLINE = Pattern.compile("\"online\"\\s*:\\s*false");

    private StateMessage() {}

    static String topic(String hostId) {
        return SparkplugTopic.NAMESPACE + "/STATE/" + hostId;
    }

    /** @param millis the time of the connection, which birth and will share, or of the farewell; since the epoch */
    static byte[] encode(boolean isOnline, long millis) {
        return ("{\"online\":" + isOnline + ",\"timestamp\":" + millis + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a message on the topic says that the host is offline. */
    static boolean saysOffline(byte[] payload) {
        return OFFLINE.matcher(new String(payload, StandardCharsets.UTF_8)).find();
    }
}
