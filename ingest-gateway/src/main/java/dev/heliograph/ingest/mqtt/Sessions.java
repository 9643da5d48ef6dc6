package dev.heliograph.ingest.mqtt;

import dev.heliograph.ingest.registry.Credential;
import dev.heliograph.model.id.DeviceKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The connected devices of this instance. Thread-safe. */
final class Sessions {
    private final ConcurrentMap<DeviceKey, OfDevice> byDevice = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int maxPerDevice;

    /** The sessions of one device, by client id. The begin is changed under the lock of its entry only. */
    private static final class OfDevice {
        private final Map<String, Session> sessions = new ConcurrentHashMap<>(2);
        private long newestBegan;
    }

    Sessions(int maxPerDevice) {
        this.maxPerDevice = maxPerDevice;
    }

    /** A connection past its CONNECT. All methods may be called from any thread. */
    interface Session {
        Credential credential();

        String clientId();

        /** When its CONNECT was accepted, µs since the epoch. */
        long beganMicros();

        /** The chain by which the device has proven itself, or null where it did so by a key. */
        X509Certificate @Nullable [] certificatesShown();

        /** Ends the connection with an MQTT 5 reason code; the Will is not published. */
        void end(byte reasonCode, String reason);

        /** Ends the connection once what is in flight is acknowledged. */
        void drain(byte reasonCode, String reason);
    }

    /** Adds a session; one of the same device and client id is taken over. False where it would be one too many. */
    boolean add(Session session, byte takeoverCode) {
        @Nullable Session[] replaced = new Session[1];
        boolean[] added = new boolean[1];
        byDevice.compute(session.credential().device(), (device, existing) -> {
            OfDevice of = existing == null ? new OfDevice() : existing;
            if (of.sessions.size() >= maxPerDevice && !of.sessions.containsKey(session.clientId())) {
                return of;
            }
            replaced[0] = of.sessions.put(session.clientId(), session);
            added[0] = true;
            of.newestBegan = session.beganMicros();
            count.addAndGet(replaced[0] == null ? 1 : 0);
            return of;
        });
        Session former = replaced[0];
        if (former != null) {
            former.end(takeoverCode, "another connection uses this client id");
        }
        return added[0];
    }

    /**
     * Removes a session; where it was the last of its device, says when the newest of those began that have stood since the
     * first. A session that was taken over is gone already.
     */
    OptionalLong remove(Session session) {
        OptionalLong[] newest = {OptionalLong.empty()};
        byDevice.computeIfPresent(session.credential().device(), (device, of) -> {
            if (of.sessions.remove(session.clientId(), session)) {
                count.decrementAndGet();
                if (of.sessions.isEmpty()) {
                    newest[0] = OptionalLong.of(of.newestBegan);
                }
            }
            return of.sessions.isEmpty() ? null : of;
        });
        return newest[0];
    }

    Collection<Session> of(DeviceKey device) {
        OfDevice of = byDevice.get(device);
        return of == null ? List.of() : List.copyOf(of.sessions.values());
    }

    Collection<Session> all() {
        List<Session> all = new ArrayList<>();
        byDevice.values().forEach(of -> all.addAll(of.sessions.values()));
        return all;
    }

    int count() {
        return count.get();
    }
}
