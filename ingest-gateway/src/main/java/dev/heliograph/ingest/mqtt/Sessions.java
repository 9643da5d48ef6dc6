package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.model.id.DeviceKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connected devices of this instance. Thread-safe. */
final class Sessions {
    private final ConcurrentMap<DeviceKey, Map<String, Session>> byDevice = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int maxPerDevice;

    Sessions(int maxPerDevice) {
        this.maxPerDevice = maxPerDevice;
    }

    /** A connection past its CONNECT. All methods may be called from any thread. */
    interface Session {
        Credential credential();

        String clientId();

        /** The chain by which the device has proven itself, or null where it did so by a key. */
        X509Certificate @Nullable [] certificatesShown();

        /** Ends the connection with an MQTT 5 reason code; the Will is not published. */
        void end(byte reasonCode, String reason);

        /** Ends the connection once what is in flight is acknowledged. */
        void drain(byte reasonCode, String reason);
    }

    /** What came of {@link #add}. */
    enum Added {
        /** The first connection of the device. */
        FIRST,
        /** One more, or one instead of another by the same client id. */
        FURTHER,
        /** One too many: not added. */
        TOO_MANY
    }

    /** Adds a session; one of the same device and client id is taken over. */
    Added add(Session session, byte takeoverCode) {
        @Nullable Session[] replaced = new Session[1];
        Added[] result = {Added.TOO_MANY};
        byDevice.compute(session.credential().device(), (device, existing) -> {
            Map<String, Session> sessions = existing == null ? new ConcurrentHashMap<>(2) : existing;
            if (sessions.size() >= maxPerDevice && !sessions.containsKey(session.clientId())) {
                return sessions;
            }
            result[0] = sessions.isEmpty() ? Added.FIRST : Added.FURTHER;
            replaced[0] = sessions.put(session.clientId(), session);
            count.addAndGet(replaced[0] == null ? 1 : 0);
            return sessions;
        });
        Session former = replaced[0];
        if (former != null) {
            former.end(takeoverCode, "another connection uses this client id");
        }
        return result[0];
    }

    /** Removes a session; says whether it was the last of its device. A session that was taken over is gone already. */
    boolean remove(Session session) {
        boolean[] last = new boolean[1];
        byDevice.computeIfPresent(session.credential().device(), (device, sessions) -> {
            if (sessions.remove(session.clientId(), session)) {
                count.decrementAndGet();
                last[0] = sessions.isEmpty();
            }
            return sessions.isEmpty() ? null : sessions;
        });
        return last[0];
    }

    Collection<Session> of(DeviceKey device) {
        Map<String, Session> sessions = byDevice.get(device);
        return sessions == null ? List.of() : List.copyOf(sessions.values());
    }

    Collection<Session> all() {
        List<Session> all = new ArrayList<>();
        byDevice.values().forEach(sessions -> all.addAll(sessions.values()));
        return all;
    }

    int count() {
        return count.get();
    }
}
